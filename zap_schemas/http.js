'use strict';

// Talking to the service: its address, who is asking, and its errors as sentences for people.

const PATIENCE = 25_000; // milliseconds; Zapier ends every step after 30 seconds

// The address from the connection, without a slash at its end.
const address = (z, bundle) => {
  const given = String(bundle.authData.base_url || '').trim();
  const url = URL.parse(given.includes('://') ? given : `https://${given}`);
  if (url?.protocol !== 'https:' || url.username || url.search || url.hash) {
    throw new z.errors.Error(
      'Service Address: give the address of your COI connector, such as https://connector.example.com.',
      'invalid_address',
      422,
    );
  }
  return (url.origin + url.pathname).replace(/\/+$/, '');
};

const isOurs = (z, bundle, url) => URL.parse(url)?.href.startsWith(`${address(z, bundle)}/`);

// One request to the service; its JSON answer.
const ask = async (z, bundle, method, path, options = {}) => {
  const url = `${address(z, bundle)}${path}`;
  try {
    return (await z.request({ method, url, timeout: PATIENCE, ...options })).data;
  } catch (error) {
    if (error.name !== 'FetchError') throw error;
    throw new z.errors.Error(
      `${new URL(url).host} did not answer. Check that your COI connector is running and can be reached from the internet.`,
      'not_reached',
      503,
    );
  }
};

// Before each request: the key goes to the service and to no one else.
const identify = (request, z, bundle) => {
  if (isOurs(z, bundle, request.url)) {
    request.headers.Authorization = `Bearer ${bundle.authData.api_key}`;
  }
  return request;
};

// After each answer: the service's own sentence, as the kind of error that Zapier acts on rightly.
const explain = (response, z, bundle) => {
  const { status } = response;
  if (status < 400 || response.skipThrowForStatus) return response;
  const said = response.data?.error ?? {};
  const message = said.message ?? `The service answered ${status}. It may be starting again; try once more in a minute.`;
  if (status === 401) throw new z.errors.ExpiredAuthError(message);
  if (status === 408 || status === 429 || status === 503) throw new z.errors.ThrottledError(message, seconds(response));
  if (said.halt) throw new z.errors.HaltedError(message);
  throw new z.errors.Error(message, said.code, status);
};

const seconds = (response) => Number.parseInt(response.headers.get('retry-after'), 10) || 60;

module.exports = { address, ask, explain, identify };
