'use strict';

// A mapped file as multipart: fetched here, so that the service needs no way to Zapier's storage.

const contentDisposition = require('content-disposition');
const FormData = require('form-data');

const LARGEST = 100 * 1024 * 1024; // bytes; the most that the service can be set to take
const PATIENCE = 15_000; // milliseconds

// The form for a request: the file of `url`, and the other fields as text.
const form = async (z, url, fields) => {
  const body = new FormData();
  for (const [key, value] of Object.entries(fields)) {
    body.append(key, Array.isArray(value) ? value.join('; ') : String(value));
  }
  const { data, name } = await download(z, url);
  body.append('file', data, { filename: name, contentType: 'application/octet-stream' });
  return body;
};

const download = async (z, url) => {
  if (!url) throw refused(z, 'it is empty. The earlier step may have had no attachment; map its file, or add a filter before this step.');
  if (!/^https?:\/\//i.test(url)) {
    throw refused(z, 'map the file of an earlier step, or a link that starts with https://.');
  }
  try {
    const response = await z.request({ url, raw: true, skipThrowForStatus: true, size: LARGEST, timeout: PATIENCE });
    if (response.status >= 400) {
      throw refused(z, `the file could not be fetched, its address answered ${response.status}. Links must open without a login.`);
    }
    return { data: await response.buffer(), name: nameOf(response, url) };
  } catch (error) {
    if (error.name !== 'FetchError') throw error;
    const isTooLarge = error.type === 'max-size';
    throw refused(z, isTooLarge ? 'the file is larger than 100 MB.' : 'the file could not be fetched, its address did not answer.');
  }
};

const refused = (z, why) => new z.errors.Error(`Certificate File: ${why}`, 'no_file', 422);

// What the server calls the file, else the end of its address.
const nameOf = (response, url) => {
  const header = response.headers.get('content-disposition');
  const last = decoded(new URL(url).pathname.split('/').pop());
  return named(header) ?? (/\.\w{2,5}$/.test(last) ? last : 'certificate.pdf');
};

const decoded = (text) => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a lone % sign
  }
};

const named = (header) => {
  try {
    return contentDisposition.parse(header ?? '').parameters.filename;
  } catch {
    return undefined; // no header, or none that can be read
  }
};

module.exports = { form };
