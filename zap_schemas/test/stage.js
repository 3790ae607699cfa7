'use strict';

// What the tests stand on: the app, the running service, and servers of our own around them.
// The environment comes from tests/catalog/stage.py; APP_DIR names another build of the app.

const assert = require('node:assert/strict');
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

// A create as in the editor, where the step itself waits for work that takes long.
const create = (key, inputData, more) => run(`creates.${key}.operation.perform`, {
  inputData, meta: { isLoadingSample: true }, ...more,
});

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

// What the tests see beyond the service: the mails, the spreadsheet's rows, Procore's records.
const json = async (url, options) => {
  const response = await fetch(url, options);
  assert.ok(response.ok, `${url} answered ${response.status}`);
  return response.json();
};
const { DESK_URL, PROCORE_URL, PROCORE_COMPANY, PROCORE_TOKEN } = process.env;
const mails = () => json(`${DESK_URL}/mails`);
const rows = () => json(`${DESK_URL}/rows`);
const beginDay = (day) => json(`${DESK_URL}/days/${day}`, { method: 'POST' });
const procore = (path) => json(`${PROCORE_URL}/rest/v1.0/companies/${PROCORE_COMPANY}${path}`, {
  headers: { authorization: `Bearer ${PROCORE_TOKEN}`, 'procore-company-id': PROCORE_COMPANY },
});
const ours = (path) => json(`${SERVICE_URL}${path}`, { headers: { authorization: `Bearer ${API_KEY}` } });

// A certificate that the service never saw before, read and checked; the ids.
const checked = async (test, name = 'compliant.pdf', more = {}) => {
  const file = await hosted(test, name, { isNew: true });
  const { certificate_id } = await create('parse_certificate', { file });
  const { check_id } = await create('check_certificate', { certificate_id, ...more });
  return { certificate_id, check_id };
};

const TYPES = { string: 'string', datetime: 'string', integer: 'number', number: 'number', boolean: 'boolean' };

// An answer has exactly the declared keys, in order, with values of the declared types.
const assertDeclared = ({ operation }, answer) => {
  assert.deepEqual(Object.keys(answer), operation.outputFields.map(({ key }) => key));
  for (const { key, type } of operation.outputFields) {
    const value = answer[key];
    if (value === null) continue;
    assert.equal(typeof value, TYPES[type], key);
    if (type === 'integer') assert.ok(Number.isInteger(value), key);
  }
};

module.exports = {
  app, appDir, assertDeclared, authData, beginDay, checked, create, execute, hosted, mails, ours, procore, receiver, rows, run, serve,
};
