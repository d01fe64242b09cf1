// openapi-fetch with the types of openapi-typescript, below the vendor's usual root.
import { deepStrictEqual, strictEqual } from "node:assert";
import createClient from "openapi-fetch";
import { argumentOf, recordOf, stubUrl } from "./contract.js";
import type { components, paths } from "./generated/types.js";

type Customer = components["schemas"]["Customer"];

const client = createClient<paths>({ baseUrl: `${stubUrl}/API` });

async function expectCustomer(example: string): Promise<void> {
  const { data, error, response } = await client.GET("/Customers/{id}", {
    params: {
      path: { id: argumentOf(example, "id") as string },
      query: {
        idType: argumentOf(example, "idType") as number,
        idTypeExtRef: argumentOf(example, "idTypeExtRef") as string,
      },
    },
  });

  strictEqual(response.status, 200);
  strictEqual(error, undefined);
  const customer: Customer | undefined = data;
  deepStrictEqual(customer, recordOf(example));
}

async function expectNobody(example: string): Promise<void> {
  const { data, response } = await client.GET("/Customers/{id}", {
    params: { path: { id: argumentOf(example, "id") as string } },
  });

  strictEqual(response.status, 404);
  strictEqual(response.headers.get("Content-Type"), null);
  strictEqual(data, undefined);
}

await expectCustomer("found");
await expectCustomer("sparse");
await expectNobody("missing");
