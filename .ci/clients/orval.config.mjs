export default {
  customers: {
    input: "openapi.json",
    output: {
      target: "generated/orval.ts",
      client: "fetch",
      baseUrl: process.env.STUB_URL,
    },
  },
};
