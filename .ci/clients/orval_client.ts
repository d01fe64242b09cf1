// The fetch client of orval, at the root of the server.
import { deepStrictEqual, strictEqual } from "node:assert";
import { argumentOf, recordOf } from "./contract.js";
import { type Customer, getCustomer } from "./generated/orval.js";

async function expectCustomer(example: string): Promise<void> {
  const answer = await getCustomer(argumentOf(example, "id") as string, {
    idType: argumentOf(example, "idType") as number,
    idTypeExtRef: argumentOf(example, "idTypeExtRef") as string,
  });

  strictEqual(answer.status, 200);
  const customer: Customer = answer.data;
  deepStrictEqual(customer, recordOf(example));
}

async function expectNobody(example: string): Promise<void> {
  const answer = await getCustomer(argumentOf(example, "id") as string);

  strictEqual(answer.status, 404);
  strictEqual(answer.headers.get("Content-Type"), null);
}

await expectCustomer("found");
await expectCustomer("sparse");
await expectNobody("missing");
