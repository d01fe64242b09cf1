/** What TypeScript accepts and refuses of the JavaScript client. It is compiled, and never run. */

import { type MockApi, type SeenRequest, attachStub, startStub } from "../../clients/js/mockserver.js";

const stub = await startStub({ options: ["--fixtures", "tests/fixtures"], command: ["uv", "run", "mockserver"] });
const mockApi: MockApi = stub.session();
const url: string = mockApi.url;
const name: string = await mockApi.answer("getCustomer", {
  when: { id: ["41", "42"], headers: { "X-Tenant": "acme" } },
  times: 2,
  sequence: [{ status: 503, headers: { "Retry-After": 1 } }, { fault: "reset" }, { record: { FirstName: "Zed" } }],
});
const requests: SeenRequest[] = await mockApi.requests();
const tenant: string | null | undefined = requests.at(-1)?.header("X-Tenant");
await mockApi.verify("getCustomer", { arguments: { id: "42" }, exactly: 1 });
await mockApi.verify({ method: "GET", path: "/Customers/42", at_least: 2 });
export { name, tenant, url };

// @ts-expect-error: `status` is misspelt
await mockApi.answer("getCustomer", { statu: 404 });
// @ts-expect-error: the preference is `code`
await mockApi.prefer({ status: 404 });
// @ts-expect-error: a number is wanted
await mockApi.verify("getCustomer", { exactly: "once" });
// @ts-expect-error: the session is missing
await stub.answer("getCustomer", { status: 404 });
// @ts-expect-error: the URL is missing
await attachStub({ token: "t0ken" });
