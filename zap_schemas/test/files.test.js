'use strict';

const assert = require('node:assert/strict');
const { test } = require('node:test');

const { authData, create, hosted, run, serve } = require('./stage');

const nameOf = async (t, how) => (await create('parse_certificate', { file: await hosted(t, 'compliant.pdf', how) })).document_name;

// The service keeps a document's first name, so each name is read off a stub of the service.
const sentTo = async (t, how) => {
  let sent;
  const base_url = await serve(t, (request, response, body) => {
    sent = body.toString('latin1');
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"job_status": "done"}');
  }, { tls: true });
  const file = await hosted(t, 'compliant.pdf', how);
  await run('creates.parse_certificate.operation.perform', {
    authData: { ...authData, base_url },
    inputData: { file },
  });
  return /name="file"; filename="([^"]*)"/.exec(sent)[1];
};

test('a file is fetched without our key', async (t) => {
  const seen = [];
  await nameOf(t, { seen });
  assert.equal(seen.length, 1);
  assert.equal(seen[0].headers.authorization, undefined);
});

test('the name comes from the header, in either form', async (t) => {
  const plain = { 'content-disposition': 'attachment; filename="northfield.pdf"' };
  const extended = { 'content-disposition': "attachment; filename=\"x.pdf\"; filename*=UTF-8''northfield%202026.pdf" };
  assert.equal(await sentTo(t, { headers: plain }), 'northfield.pdf');
  assert.equal(await sentTo(t, { headers: extended }), 'northfield 2026.pdf');
});

test('without a header the name comes from the address, or is our own', async (t) => {
  assert.equal(await sentTo(t, { at: '/a/site%20copy.pdf?signed=1' }), 'site copy.pdf');
  assert.equal(await sentTo(t, { at: '/engine/hydrate/123/.eJwVy:1tX/' }), 'certificate.pdf');
  assert.equal(await sentTo(t, { headers: { 'content-disposition': ';;;' }, at: '/100%' }), 'certificate.pdf');
});

test('a long link such as Zapier makes them is taken whole', async (t) => {
  const at = `/engine/hydrate/1/.${'x'.repeat(3000)}:1tXy:sig/`;
  assert.equal(await sentTo(t, { at }), 'certificate.pdf');
});

test('a step without its file says what to do, in words of the editor', async () => {
  for (const inputData of [{}, { file: '' }, { file: null }]) {
    await assert.rejects(create('process_certificate', inputData), { name: 'AppError', message: /Certificate File: it is empty\. .*map its file/ });
  }
});

test('text that is no link is refused with a sentence', async () => {
  await assert.rejects(create('parse_certificate', { file: 'see attachment' }), /Certificate File: map the file/);
});

test('a link that does not open says what it answered', async (t) => {
  const url = await serve(t, (request, response) => response.writeHead(403).end());
  await assert.rejects(create('parse_certificate', { file: `${url}/a.pdf` }), /its address answered 403/);
});

test('a link to nowhere says so', async () => {
  await assert.rejects(create('parse_certificate', { file: 'http://127.0.0.1:1/a.pdf' }), /did not answer/);
});

test('a file that is no certificate stops the run without an error of the Zap', async (t) => {
  await assert.rejects(
    create('parse_certificate', { file: await hosted(t, 'letter.txt') }),
    (error) => error.name === 'HaltedError' && /PDF|certificate/.test(error.message),
  );
});
