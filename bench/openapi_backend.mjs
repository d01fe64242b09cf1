// A mock of the contract by openapi-backend, which checks each request: node openapi_backend.mjs PORT CONTRACT.
import { createServer } from 'node:http'
import { OpenAPIBackend } from 'openapi-backend'

const [port, definition] = process.argv.slice(2)

function answer(response, status, value) {
  const body = JSON.stringify(value)
  response.writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) })
  response.end(body)
}

const api = new OpenAPIBackend({
  definition,
  quick: true, // its own check of the document does not know OpenAPI 3.1
  handlers: {
    notFound: (_context, _request, response) => answer(response, 404, {}),
    validationFail: (context, _request, response) => answer(response, 400, context.validation.errors),
    notImplemented: (context, _request, response) => {
      const { status, mock } = context.api.mockResponseForOperation(context.operation.operationId)
      answer(response, status, mock)
    },
  },
})
await api.init()
createServer((request, response) => {
  const [path, query] = request.url.split('?')
  api.handleRequest({ method: request.method, path, query, headers: request.headers }, request, response)
}).listen(Number(port), '127.0.0.1')
