/** The JavaScript client against stubs that run: `mockserver` has to be on the path. */

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, before, beforeEach, suite, test } from "node:test";
import { setTimeout } from "node:timers/promises";

import { MockApi, SeenRequest, StubError, VerificationError, attachStub, startStub } from "../../clients/js/mockserver.js";

const CLIENT = new URL("../../clients/js/mockserver.js", import.meta.url).href;
const ENDLESS = [process.execPath, "-e", "setInterval(() => {}, 1000)", "--"];
const TRIES = 600;

/**
 * The code under test.
 * @param {string} id
 * @param {string} base
 * @param {Record<string, string>} [headers]
 */
async function lookUp(id, base, headers = {}) {
  const answer = await fetch(`${base}/Customers/${id}`, { headers });
  return answer.ok ? answer.json() : null;
}

/**
 * Wait until no stub answers there.
 * @param {string} url
 */
async function isGone(url) {
  for (let tries = TRIES; tries > 0; tries--) {
    if (await attachStub(url).then(() => false, () => true)) return true;
    await setTimeout(100);
  }
  return false;
}

/**
 * Run a script in a process of its own, which prints a URL.
 * @param {string} script
 */
async function run(script) {
  const source = `import { startStub } from ${JSON.stringify(CLIENT)}; ${script}`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", source], { stdio: ["ignore", "pipe", "inherit"] });
  const [printed] = await once(child.stdout, "data");
  return { child, url: String(printed).trim() };
}

suite("a session", () => {
  /** @type {import("../../clients/js/mockserver.js").Stub} */
  let stub;
  /** @type {MockApi} */
  let mockApi;

  before(async () => {
    stub = await startStub();
  });
  beforeEach(() => {
    mockApi = stub.session();
  });
  after(() => stub.stop());

  test("answers, records and verifies", async () => {
    assert.equal(await mockApi.answer("getCustomer", { when: { id: "42" }, status: 404 }), "answer-1");
    await mockApi.record("Customer", { PersonalId: "9", FirstName: "Zed" });

    assert.equal(await lookUp("42", mockApi.url, { "X-Tenant": "acme" }), null);
    assert.equal((await lookUp("9", mockApi.url)).FirstName, "Zed");

    await mockApi.verify("getCustomer", { arguments: { id: "42" }, headers: { "X-Tenant": "acme" }, exactly: 1 });
    await mockApi.verify({ method: "GET", path: "/Customers/9", at_least: 1, at_most: 1 });
    await mockApi.verifyOrder({ operation: "getCustomer", arguments: { id: "42" } }, { path: "/Customers/9" });
  });

  test("has its requests", async () => {
    await mockApi.answer("getCustomer", { when: { id: "1" }, status: 418, headers: { "Content-Type": "text/plain" }, text: "tea", unchecked: true });
    await lookUp("1", mockApi.url, { "X-Tenant": "acme" });
    await lookUp("undefined", mockApi.url);

    const [first, second] = await mockApi.waitForRequests(2);

    assert.ok(first instanceof SeenRequest && second);
    const { method, target, body, operation, arguments: given, source, status, replyBody, isMatched } = first;
    assert.deepEqual(
      { method, target, body, operation, id: given.id, source, status, replyBody, isMatched },
      { method: "GET", target: "/API/Customers/1", body: null, operation: "getCustomer", id: "1", source: "answer answer-1 run-time", status: 418, replyBody: "tea", isMatched: true },
    );
    assert.deepEqual([first.header("x-tenant"), first.header("X-None")], ["acme", null]);
    assert.ok(first.replyHeaders.some(([name, value]) => name === "X-Mock-Source" && value === source));
    assert.equal(String(first), `${first.number} GET /API/Customers/1 -> 418 answer answer-1 run-time`);
    assert.match(String(second), /^\d+ GET \/API\/Customers\/undefined -> .*\n {4}\S/);
    assert.equal(first.number, first.entry.number);
    assert.equal((await mockApi.requests()).length, 2);
  });

  test("prefers until it is told otherwise", async () => {
    await mockApi.prefer({ code: 503 });
    assert.equal(await lookUp("9", mockApi.url), null);

    await mockApi.prefer();
    assert.equal((await lookUp("9", mockApi.url)).PersonalId, "9");
  });

  test("begins anew after a reset", async () => {
    await mockApi.answer("getCustomer", { status: 404 });
    assert.equal(await lookUp("9", mockApi.url), null);

    await mockApi.reset();

    assert.deepEqual(await mockApi.requests(), []);
    assert.equal((await lookUp("9", mockApi.url)).PersonalId, "9");
  });

  test("tells which answers are unused", async () => {
    for (const id of ["1", "2"]) await mockApi.answer("getCustomer", { name: `for-${id}`, when: { id }, times: 1, status: 404 });
    await lookUp("1", mockApi.url);

    assert.deepEqual(await mockApi.listUnused(), ["for-2"]);
    assert.ok((await mockApi.measureCoverage()).percent > 0);
  });

  test("sees nothing of another one", async () => {
    const apis = [404, 409, 503].map((code) => ({ code, api: stub.session() }));

    await Promise.all(apis.map(({ code, api }) => api.answer("getCustomer", { status: code })));
    await Promise.all(apis.map(({ api }) => lookUp("7", api.url)));

    for (const { code, api } of apis) assert.deepEqual((await api.requests()).map(({ status }) => status), [code]);
    assert.equal((await lookUp("7", mockApi.url)).PersonalId, "7");
  });

  test("is shared by name until it is closed", async () => {
    const [one, other] = [stub.session("worker-1"), stub.session("worker-1")];

    await one.prefer({ code: 404 });
    assert.equal(await lookUp("7", other.url), null);
    await one.close();

    assert.equal((await lookUp("7", other.url)).PersonalId, "7");
  });

  test("names the nearest requests when a verification fails", async () => {
    await lookUp("42?idType=2", mockApi.url);
    const [request] = await mockApi.requests();

    const failed = mockApi.verify("getCustomer", { arguments: { id: "42", idType: 1 } });

    await assert.rejects(failed, (error) => {
      assert.ok(error instanceof VerificationError);
      assert.equal(
        error.message,
        "getCustomer with id '42' and idType 1: at least 1 request wanted, 0 seen.\n" +
          `  ${request?.number} GET /API/Customers/42?idType=2: idType is 2, wanted 1`,
      );
      assert.match(error.stack ?? "", /^VerificationError: [^]* at .*mockserver\.test\.js/);
      assert.doesNotMatch(error.stack ?? "", /\/mockserver\.js/);
      return true;
    });
  });

  /** @type {[string, (api: MockApi) => Promise<unknown>, string][]} */
  const wrong = [
    [
      "answer",
      (api) => api.answer("getCustomr", /** @type {{}} */ ({ statu: 404 })),
      "#/operation: The contract has no operation 'getCustomr'; did you mean 'getCustomer'?\n" +
        "#/reply/statu: statu is not known here; did you mean 'status'?",
    ],
    [
      "record",
      (api) => api.record("Customer", { PersonalId: "9", Sex: 3 }),
      "#/records/0/Sex: Sex is 3, the contract allows 0 to 2. Change the record or the contract.",
    ],
    ["preference", (api) => api.prefer({ code: 99 }), "#/code: code is '99'. Write a status from 200 to 599."],
    ["expectation", (api) => api.verify("get"), "#/operation: The contract has no operation 'get'. There are getCustomer."],
    ["order", (api) => api.verifyOrder(), "#: requests is missing or empty. List what is expected, in its order."],
    ["name", () => stub.session("a/b é").reset(), "The session is 'a%2Fb%20%C3%A9'. Write 1 to 64 letters, digits, '.', '_', '~' or '-'."],
  ];
  for (const [name, act, message] of wrong) {
    test(`tells what is wrong with the ${name}`, () => assert.rejects(act(mockApi), new StubError(message)));
  }
});

suite("a stub", () => {
  test("is started with options and found again", async () => {
    const options = ["--prefix", "/__mock", "--source", "fixtures", "--base-path", "/v2"];
    const stub = await startStub({ options, env: { ...process.env, MOCKSERVER_ADMIN_TOKEN: "t0ken" } });
    const found = await attachStub(`${stub.url}/__mock/`, { token: "t0ken" });
    const stranger = await attachStub(stub.url);

    await found.session("one").prefer({ code: 404 });

    assert.match(stub.session("one").url, /^http:\/\/127\.0\.0\.1:\d+\/__mock\/s\/one\/v2$/);
    assert.equal(stub.session("one").url, found.session("one").url);
    assert.equal(await lookUp("100200300", found.session("one").url), null);
    assert.equal((await lookUp("100200300", stub.session().url)).FirstName, "Dana");
    await stub.session("one").reset();
    await assert.rejects(stranger.session().reset(), {
      name: "StubError",
      message: /^Only callers with the token of --admin-token may use this address\. /,
    });

    await found.stop();
    await attachStub(stub.url);
    await stub.stop();
    await stub.stop();
    assert.ok(await isGone(stub.url));
  });

  test("ends with a process that is killed", async () => {
    const { child, url } = await run("console.log((await startStub()).url); setInterval(() => {}, 1000);");
    await attachStub(url);

    child.kill("SIGKILL");

    assert.ok(await isGone(url));
  });

  test("does not keep a process from ending", async () => {
    const { child, url } = await run("const stub = await startStub(); console.log(stub.url); await stub.session().reset();");

    const [code] = child.exitCode === null ? await once(child, "exit") : [child.exitCode];

    assert.equal(code, 0);
    assert.ok(await isGone(url));
  });

  test("tells that it did not end in good order", async () => {
    const hard = [process.execPath, "-e", "console.log('http://127.0.0.1:' + process.env.PORT); process.stdin.resume().on('end', () => process.exit(3))", "--"];
    const server = await serve((_, response) => response.end(JSON.stringify({ roots: [""] })));
    const stub = await startStub({ command: hard, env: { ...process.env, PORT: server.port } });

    await assert.rejects(stub.stop(), new StubError("The stub ended with exit code 3."));
    server.close();
  });

  /** @type {[string, import("../../clients/js/mockserver.js").StartOptions, RegExp][]} */
  const failing = [
    ["an unknown option", { options: ["--fixture=a"] }, /^'mockserver' ended with exit code 2\.\n[^]*No such option/],
    ["missing fixtures", { options: ["--fixtures", "nowhere"] }, /^'mockserver' ended with exit code 2\.\n--fixtures: nowhere: .* Name the folder/],
    ["a missing program", { command: ["mockservr"] }, /^'mockservr' cannot be run: spawn mockservr ENOENT\. Install it, or name another command\.$/],
    ["a slow program", { command: ENDLESS, seconds: 0.2 }, /^'.*' is not ready after 0\.2 seconds\.$/],
  ];
  for (const [name, options, message] of failing) {
    test(`does not start with ${name}`, () => assert.rejects(startStub(options), { name: "StubError", message }));
  }

  test("is looked for where it is not", async () => {
    await assert.rejects(attachStub("nowhere"), new StubError("'nowhere' is no URL of a stub. Write one such as http://localhost:8080."));
    const server = await serve((_, response) => response.end("<h1>Welcome</h1>"));
    const finding = "/__mock/health answers 200, but not as a stub does. Name the URL that the stub has printed.";
    await assert.rejects(attachStub(server.url), new StubError(`${server.url}${finding}`));
    server.close();
    await assert.rejects(attachStub(server.url), { name: "StubError", message: /^No stub answers at http.*: .*ECONNREFUSED.*\.$/ });
  });

  test("is behind a proxy that answers in its place", async () => {
    const server = await serve((request, response) => {
      if (request.url !== "/__mock/health") response.statusCode = 502;
      response.end(request.url === "/__mock/health" ? JSON.stringify({ roots: ["/API"] }) : "<h1>Bad gateway</h1>");
    });
    const mockApi = (await attachStub(server.url)).session();

    const told = (/** @type {string} */ path) => new StubError(`${path} answers 502, but not as a stub does: <h1>Bad gateway</h1>`);
    await assert.rejects(mockApi.reset(), told("reset"));
    await assert.rejects(mockApi.verify("getCustomer"), told("verify"));
    server.close();
  });
});

/**
 * Serve on a free port.
 * @param {import("node:http").RequestListener} answer
 */
async function serve(answer) {
  const server = createServer(answer).listen(0, "127.0.0.1");
  await once(server, "listening");
  const port = String(/** @type {import("node:net").AddressInfo} */ (server.address()).port);
  const close = () => server.close().closeAllConnections();
  return { port, url: `http://127.0.0.1:${port}`, close };
}
