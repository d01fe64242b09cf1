/**
 * Start a stub on a free port of this machine. It stops with `stop()`, and when this process ends, however that happens.
 * @param {StartOptions} [settings]
 * @returns {Promise<Stub>}
 * @throws {StubError} The stub cannot start; all problems of its files and options are listed.
 */
export function startStub({ options, command, cwd, env, seconds }?: StartOptions): Promise<Stub>;
/**
 * Find a running stub.
 * @param {string} url its root, as it has printed it; its prefix, if that is not `/__mock`
 * @param {{token?: string}} [access] the token of `--admin-token`, if it asks for one
 * @returns {Promise<Stub>}
 * @throws {StubError} No stub answers there.
 */
export function attachStub(url: string, { token }?: {
    token?: string;
}): Promise<Stub>;
/** A stub cannot be started or asked, or it refuses. The message says why, for people. */
export class StubError extends ShownError {
}
/** The API was not asked as expected. The message names the nearest requests with their differences. */
export class VerificationError extends ShownError {
}
/** A running stub, which any number of tests share. */
export class Stub {
    /**
     * Use `startStub` or `attachStub`.
     * @param {string} url
     * @param {string} pages the URL of its own addresses
     * @param {string} root the path of the API
     * @param {string | undefined} token
     * @param {() => Promise<void>} stop
     */
    constructor(url: string, pages: string, root: string, token: string | undefined, stop: () => Promise<void>);
    /** The root URL: `http://127.0.0.1:PORT`. */
    url: string;
    /**
     * Return a session, which shares nothing with others: one for each test, or each worker.
     * @param {string} [name] a new one by default
     */
    session(name?: string): MockApi;
    /**
     * Stop the stub if it was started here; one that was found goes on.
     * @returns {Promise<void>}
     * @throws {StubError} It does not end, or not in good order.
     */
    stop(): Promise<void>;
    #private;
}
/** The stub for one test. Whatever a test adds is seen in its session alone. */
export class MockApi {
    /**
     * Use `session` of a stub.
     * @param {string} pages the URL of the stub's own addresses
     * @param {string} root the path of the API
     * @param {string} session
     * @param {string} [token]
     */
    constructor(pages: string, root: string, session: string, token?: string);
    /** The name of the session; a client may also send it as `X-Mock-Session`. */
    session: string;
    /** The base URL of the API for the code under test: `http://127.0.0.1:PORT/__mock/s/ID/API`. */
    url: string;
    /**
     * Add an answer, which comes before all others; return its name.
     * @param {string} operation the operationId
     * @param {Conditions & Reply} [answer] `{ when: { id: "42" }, status: 404 }`
     * @returns {Promise<string>}
     * @throws {StubError} The answer is wrong; every problem is listed.
     */
    answer(operation: string, { when, name, times, unchecked, ...reply }?: Conditions & Reply): Promise<string>;
    /**
     * Add a record of a component, with these members; the others are generated.
     * @param {string} schema
     * @param {Record<string, unknown>} members
     * @returns {Promise<void>}
     * @throws {StubError} The record is wrong; every problem is listed.
     */
    record(schema: string, members: Record<string, unknown>): Promise<void>;
    /**
     * Set the preferences of every later request: `{ code: 503 }`; none to clear them.
     * @param {Preferences} [preferences]
     * @returns {Promise<void>}
     * @throws {StubError} A preference is wrong.
     */
    prefer(preferences?: Preferences): Promise<void>;
    /**
     * Remove all that was added, and forget all requests.
     * @returns {Promise<void>}
     */
    reset(): Promise<void>;
    /**
     * Return the requests that the API got in this session, the newest last.
     * @returns {Promise<SeenRequest[]>}
     */
    requests(): Promise<SeenRequest[]>;
    /**
     * Return the requests as soon as there are so many, or after so many seconds (at most 30) those there are.
     * @param {number} count
     * @param {number} [seconds]
     * @returns {Promise<SeenRequest[]>}
     */
    waitForRequests(count: number, seconds?: number): Promise<SeenRequest[]>;
    /**
     * Require that the API was asked in this way; without a number at least once.
     * @param {string | (Expected & Count)} operation the operationId, or all that is expected
     * @param {Omit<Expected, "operation"> & Count} [expected]
     * @returns {Promise<void>}
     * @throws {VerificationError} It was not.
     * @throws {StubError} The expectation is wrong, such as an unknown operation.
     */
    verify(operation: string | (Expected & Count), expected?: Omit<Expected, "operation"> & Count): Promise<void>;
    /**
     * Require one request of each, in this order; others may come between.
     * @param {Expected[]} requests
     * @returns {Promise<void>}
     * @throws {VerificationError} They did not come so.
     * @throws {StubError} An expectation is wrong.
     */
    verifyOrder(...requests: Expected[]): Promise<void>;
    /**
     * Return the names of the answers that were added and never given.
     * @returns {Promise<string[]>}
     */
    listUnused(): Promise<string[]>;
    /**
     * Return what requests of this session have exercised, as the address `coverage` gives it.
     * @returns {Promise<any>}
     */
    measureCoverage(): Promise<any>;
    /**
     * Drop the session.
     * @returns {Promise<void>}
     */
    close(): Promise<void>;
    #private;
}
/** A request that the API got, with its reply, as the journal has it. */
export class SeenRequest {
    /** @param {Record<string, any>} entry */
    constructor(entry: Record<string, any>);
    /** All that the journal has of it. */
    entry: Record<string, any>;
    /** @type {number} its number in the journal */
    number: number;
    /** @type {string} */
    method: string;
    /** @type {string} the raw target, such as `/API/Customers/42?idType=1` */
    target: string;
    /** @type {[string, string][]} as they were sent; secrets are replaced by digests */
    headers: [string, string][];
    /** @type {string | null} the text of its body */
    body: string | null;
    /** @type {string | null} the operationId */
    operation: string | null;
    /** @type {Record<string, unknown>} what the operation was asked for */
    arguments: Record<string, unknown>;
    /** What the reply came from, such as `generated` or `answer locked fixtures/answers.yaml:4`. */
    source: string;
    /** @type {string[]} what the stub tells of it */
    hints: string[];
    /** @type {number} the status of the reply */
    status: number;
    /** @type {[string, string][]} */
    replyHeaders: [string, string][];
    /** @type {string | null} */
    replyBody: string | null;
    /** @type {boolean} whether the stub had an answer for it */
    isMatched: boolean;
    /**
     * Return the first value of a header; null if it was not sent.
     * @param {string} name in any case
     */
    header(name: string): string | null;
    toString(): string;
}
/**
 * The keys of a reply; docs/fixtures.md describes each.
 */
export type Reply = {
    status?: number;
    headers?: Record<string, unknown>;
    /**
     * sent as JSON
     */
    body?: unknown;
    text?: string;
    /**
     * members of a record; the others are generated
     */
    record?: Record<string, unknown>;
    body_file?: string;
    exception?: Record<string, unknown>;
    /**
     * seconds
     */
    delay?: number | {
        uniform: [number, number];
    };
    fault?: string | Record<string, number>;
    sequence?: Reply[];
    cycle?: boolean;
    chance?: number;
};
/**
 * What an answer has besides its reply.
 */
export type Conditions = {
    /**
     * what the request has to have: `{ id: "42", headers: { "X-Tenant": "acme" } }`
     */
    when?: Record<string, unknown>;
    /**
     * a new one by default
     */
    name?: string;
    /**
     * how often the answer is given
     */
    times?: number;
    /**
     * whether it may break the contract
     */
    unchecked?: boolean;
};
/**
 * Preferences for all requests of a session; docs/choosing-answers.md describes each.
 */
export type Preferences = {
    /**
     * a status
     */
    code?: number;
    example?: string;
    dynamic?: boolean;
    edge?: string;
    seed?: string | number;
    /**
     * seconds
     */
    delay?: number;
    fault?: string;
};
/**
 * A request that is expected. What is left out may be anything.
 */
export type Expected = {
    /**
     * the operationId; or else `method` and `path`
     */
    operation?: string;
    /**
     * what the operation was asked for
     */
    arguments?: Record<string, unknown>;
    /**
     * secrets in plain text
     */
    headers?: Record<string, unknown>;
    /**
     * the JSON body, or a part of it
     */
    body?: unknown;
    method?: string;
    /**
     * without a query
     */
    path?: string;
};
/**
 * How often; at least once by default.
 */
export type Count = {
    exactly?: number;
    at_least?: number;
    at_most?: number;
};
/**
 * How a stub is started.
 */
export type StartOptions = {
    /**
     * options of `mockserver serve`: `["--fixtures", "tests/fixtures"]`
     */
    options?: string[];
    /**
     * how `mockserver` is called: `["uv", "run", "mockserver"]`
     */
    command?: string[];
    /**
     * the folder from which paths start
     */
    cwd?: string;
    /**
     * the variables of the environment, in place of those of this process
     */
    env?: Record<string, string | undefined>;
    /**
     * how long the start may take
     */
    seconds?: number;
};
/** An error whose stack begins in the test: its first line is what test runners show. */
declare class ShownError extends Error {
    /** @param {string} message */
    constructor(message: string);
    stack: string;
}
export {};
