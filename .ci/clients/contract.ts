// The named examples of the contract: what a client asks, and what it must be told.
import { readFileSync } from "node:fs";
import { env } from "node:process";

const contract = JSON.parse(readFileSync("openapi.json", "utf8"));
const parameters: { name: string; examples: Record<string, { value: unknown }> }[] =
  contract.paths["/Customers/{id}"].get.parameters;

export const stubUrl: string = env["STUB_URL"] ?? "";

export function argumentOf(example: string, parameter: string): unknown {
  return parameters.find(({ name }) => name === parameter)?.examples[example]?.value;
}

export function recordOf(example: string): unknown {
  return contract.components.examples[example].value;
}
