// Brings make_modules/ into one's own Make account: `npm run deploy`. Run again, it changes nothing.

import { readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { Make } from '@makehq/sdk';

import { readApp } from './app.mjs';
import { deploy } from './remote.mjs';

const PROJECT = dirname(dirname(fileURLToPath(import.meta.url)));
const APP = resolve(PROJECT, 'make_modules');
const LOOPBACK = /^http:\/\/(127\.0\.0\.1|localhost)(:\d+)?$/;

const HELP = `npm run deploy -- [--app NAME] [--zone eu2.make.com] [--key-file FILE] [--dry-run]

--app       the app's name in Make; left out: that of makecomapp.json
--zone      the beginning of the address at which you use Make
--key-file  a file outside this project with an API token of Make (scopes sdk-apps:read, sdk-apps:write)
--dry-run   says what would be changed, and changes nothing`;

class Refused extends Error {}

// The token, from a file that can never be committed with the project.
const token = (path) => {
  const inside = relative(PROJECT, path);
  if (!inside.startsWith('..')) throw new Refused(`Keep the API token outside the project's folder; ${inside} is inside.`);
  try {
    const found = readFileSync(path, 'utf8').trim();
    if (found) return found;
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
  throw new Refused(`There is no API token in ${path}. Make one in Make (Profile, API access) and save it there, or name another file with --key-file.`);
};

// For tests, MAKE_URL names a server of this machine; everything else goes to Make by https.
const client = (key, zone) => {
  const url = process.env.MAKE_URL;
  if (url === undefined) return new Make(key, zone, { retry: { onRateLimit: true, onServerError: true } });
  if (!LOOPBACK.test(url)) throw new Refused('MAKE_URL is for tests on this machine only.');
  const make = new Make(key, new URL(url).host);
  make.protocol = 'http';
  return make;
};

const main = async () => {
  const { values } = parseArgs({ options: {
    app: { type: 'string' }, zone: { type: 'string' }, 'key-file': { type: 'string' }, 'dry-run': { type: 'boolean' }, help: { type: 'boolean' },
  } });
  if (values.help) return console.log(HELP);
  const app = readApp(APP);
  const zone = values.zone ?? new URL(app.origin.baseUrl).host;
  const key = token(values['key-file'] ? resolve(values['key-file']) : resolve(APP, app.origin.apikeyFile));
  const { created, written, unchanged, appName } = await deploy({
    make: client(key, zone),
    app,
    name: values.app ?? app.origin.appId,
    version: app.origin.appVersion,
    isDryRun: values['dry-run'],
    tell: (line) => console.log(line),
  });
  const did = values['dry-run'] ? 'would be ' : '';
  console.log(`${appName}: ${created} ${did}created, ${written} ${did}written, ${unchanged} unchanged.`);
  if (appName !== (values.app ?? app.origin.appId)) console.log(`Make calls your app ${appName}: deploy with --app ${appName} from now on.`);
};

try {
  await main();
} catch (error) {
  const status = error.statusCode ? ` (${error.statusCode})` : '';
  console.error(error instanceof Refused ? error.message : `Make refused${status}: ${error.message}`);
  process.exitCode = 1;
}
