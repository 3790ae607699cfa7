'use strict';

// What the tests stand on: the app, the running service, and servers of our own around them.
// The environment comes from tests/catalog/stage.py; APP_DIR names another build of the app.

const { randomUUID } = require('node:crypto');
const { readFileSync } = require('node:fs');
const http = require('node:http');
const https = require('node:https');
const path = require('node:path');

const appDir = process.env.APP_DIR ?? path.join(__dirname, '..');
const { createAppHandler } = require(require.resolve('zapier-platform-core', { paths: [appDir] }));
const app = require(appDir);
const handle = createAppHandler(app);

const { API_KEY, FILES, SERVICE_URL, TLS_CERTIFICATE, TLS_KEY } = process.env;

const authData = { base_url: SERVICE_URL, api_key: API_KEY };

// Run one method of the app as Zapier does; the whole answer with its status.
const execute = (method, bundle = {}, event = {}) =>
  handle({
    command: 'execute',
    method,
    bundle: { authData, inputData: {}, meta: {}, ...bundle },
    cursorTestObj: {},
    ...event,
  });

// Only its results.
const run = async (method, bundle, event) => (await execute(method, bundle, event)).results;

const create = (key, inputData, more) => run(`creates.${key}.operation.perform`, { inputData, ...more });

// A server on a free port until the test ends; `answer` is (request, response, body).
const serve = async (test, answer, { tls = false } = {}) => {
  const listener = async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    answer(request, response, Buffer.concat(chunks));
  };
  const server = tls
    ? https.createServer({ cert: readFileSync(TLS_CERTIFICATE), key: readFileSync(TLS_KEY) }, listener)
    : http.createServer(listener);
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  test.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address();
  return tls ? `https://localhost:${port}` : `http://127.0.0.1:${port}`;
};

// The address of a certificate on a file host; the requests that it saw are kept in `seen`. One
// that `isNew` has a comment behind its end: to the service, a document that it never saw.
const hosted = async (test, name, { headers = {}, at = `/files/${name}`, seen = [], isNew = false } = {}) => {
  const comment = isNew ? `\n% ${randomUUID()}\n` : '';
  const data = Buffer.concat([readFileSync(path.join(FILES, name)), Buffer.from(comment)]);
  const url = await serve(test, (request, response) => {
    seen.push(request);
    response.writeHead(200, headers).end(data);
  });
  return `${url}${at}`;
};

// A receiver of what the service posts; `next()` waits for the next body.
const receiver = async (test) => {
  const bodies = [];
  let wake = () => {};
  const url = await serve(test, (request, response, body) => {
    bodies.push(JSON.parse(body));
    response.writeHead(200).end();
    wake();
  });
  const next = async () => {
    while (!bodies.length) await new Promise((resolve) => { wake = resolve; });
    return bodies.shift();
  };
  return { url, next };
};

module.exports = { app, appDir, authData, create, execute, hosted, receiver, run, serve };
