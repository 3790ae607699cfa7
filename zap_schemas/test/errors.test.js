'use strict';

const assert = require('node:assert/strict');
const { test } = require('node:test');

const { app, authData, create, hosted, run, serve } = require('./stage');

// A service that answers so; what a check against it comes to.
const answered = async (t, status, body, headers = {}) => {
  const base_url = await serve(t, (request, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
  }, { tls: true });
  return run('creates.check_certificate.operation.perform', {
    authData: { ...authData, base_url },
    inputData: { certificate_id: 'cert_1' },
  });
};

const says = (message, halt = false) => JSON.stringify({ error: { code: 'some_code', message, field: null, halt } });

const is = (name, words) => (error) => {
  assert.equal(error.name, name);
  assert.match(error.message, words);
  return true;
};

test('a wrong key asks to connect again', async () => {
  const bundle = { authData: { ...authData, api_key: 'coi_wrong' } };
  await assert.rejects(run('authentication.test', bundle), is('ExpiredAuthError', /API key is not known/));
});

test('an unknown certificate and a bad amount are told in the service\'s own words', async (t) => {
  await assert.rejects(create('check_certificate', { certificate_id: 'cert_0' }), is('AppError', /There is no certificate cert_0/));
  const file = await hosted(t, 'compliant.pdf');
  await assert.rejects(create('process_certificate', { file, subcontract_value: 'a lot' }), is('AppError', /Subcontract value: “a lot” is no amount/));
});

test('the same deduplication key with other input halts', async (t) => {
  const deduplication_key = `key-${Date.now()}`;
  const file = await hosted(t, 'compliant.pdf');
  await create('parse_certificate', { file, deduplication_key });
  const other = await hosted(t, 'not-compliant.pdf');
  await assert.rejects(create('parse_certificate', { file: other, deduplication_key }), is('HaltedError', /used before with other input/));
});

const kindOf = (status, halt) => {
  if (status === 401) return 'ExpiredAuthError';
  if (status === 408 || status === 429 || status === 503) return 'ThrottledError';
  return halt ? 'HaltedError' : 'AppError';
};

for (const [code, status, halt] of JSON.parse(process.env.FAILURES)) {
  test(`${code} (${status}) is told in our sentence, as a ${kindOf(status, halt)}`, async (t) => {
    const body = JSON.stringify({ error: { code, message: 'This is what to do.', field: null, halt } });
    await assert.rejects(answered(t, status, body), is(kindOf(status, halt), /This is what to do\./));
  });
}

test('missing rights are an error, not a reason to connect again', async (t) => {
  await assert.rejects(answered(t, 403, says('This key may only read.')), is('AppError', /may only read/));
});

test('a refusal that halts ends the run quietly', async (t) => {
  await assert.rejects(answered(t, 422, says('Halt.', true)), is('HaltedError', /^Halt\./));
});

test('too many requests and a busy service are tried again when they say', async (t) => {
  await assert.rejects(answered(t, 429, says('Slow down.'), { 'retry-after': '7' }), is('ThrottledError', /Slow down.*"delay":7/));
  await assert.rejects(answered(t, 503, says('Procore does not answer.'), { 'retry-after': '90' }), is('ThrottledError', /Procore does not answer.*"delay":90/));
  await assert.rejects(answered(t, 408, says('The request came too slowly.')), is('ThrottledError', /too slowly/));
  await assert.rejects(answered(t, 503, '<html>down</html>', { 'content-type': 'text/html' }), is('ThrottledError', /answered 503.*"delay":60/));
});

test('a broken gateway is a sentence, too', async (t) => {
  await assert.rejects(answered(t, 502, '<html>Bad Gateway</html>', { 'content-type': 'text/html' }), is('AppError', /answered 502/));
});

test('a job that failed is an error although the answer was a 200', async (t) => {
  const failed = (error_code) => JSON.stringify({ job_status: 'failed', error_code, error_message: 'No vendor.' });
  await assert.rejects(answered(t, 200, failed('destination_refused')), is('AppError', /No vendor/));
  await assert.rejects(answered(t, 200, failed('not_a_certificate')), is('HaltedError', /No vendor/));
});

test('a service that is not there is named', async () => {
  const bundle = { authData: { ...authData, base_url: 'https://localhost:1' } };
  await assert.rejects(run('authentication.test', bundle), is('AppError', /localhost:1 did not answer/));
});

test('the address must be https and nothing but an address', async () => {
  for (const base_url of ['http://localhost:8000', 'ftp://a.example', 'https://user:pw@a.example', 'https://a.example/?x=1', 'https://', '']) {
    await assert.rejects(run('authentication.test', { authData: { ...authData, base_url } }), is('AppError', /Service Address/), base_url);
  }
});

test('an address may be written with a slash, or without https', async () => {
  for (const base_url of [`${authData.base_url}/`, ` ${authData.base_url.replace('https://', '')} `]) {
    const account = await run('authentication.test', { authData: { ...authData, base_url } });
    assert.equal(account.account_name, 'Demo');
  }
});

test('the key goes to no address that only begins like the service\'s', () => {
  const [identify] = app.beforeRequest;
  const z = { errors: { Error } };
  const bundle = { authData: { base_url: 'https://coi.example', api_key: 'k' } };
  const header = (url) => identify({ url, headers: {} }, z, bundle).headers.Authorization;
  assert.equal(header('https://coi.example/v1/account'), 'Bearer k');
  for (const url of ['https://coi.example.evil.com/v1', 'https://coi.example@evil.com/', 'http://coi.example/v1', 'https://evil.com/https://coi.example/', 'https://coi.example:8443/v1']) {
    assert.equal(header(url), undefined, url);
  }
});
