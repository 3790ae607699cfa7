// The app as it lies in make_modules/: what the manifest names, with the contents of its files.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

// Code section of a file -> the section of Make's API.
const SECTIONS = {
  module: { communication: 'api', epoch: 'epoch', staticParams: 'parameters', mappableParams: 'expect', interface: 'interface', samples: 'samples' },
  connection: { communication: 'api', params: 'parameters' },
  webhook: { communication: 'api', params: 'parameters', attach: 'attach', detach: 'detach' },
  rpc: { communication: 'api', params: 'parameters' },
};

const TYPE_IDS = { trigger: 1, action: 4, search: 9, instant_trigger: 10, responder: 11, universal: 12 };

// The order in which one needs the other.
const KINDS = ['connection', 'rpc', 'webhook', 'module'];

const read = (folder, path) => readFileSync(join(folder, path), 'utf8');

export const readApp = (folder) => {
  const manifest = JSON.parse(read(folder, 'makecomapp.json'));
  const general = manifest.generalCodeFiles;
  const parts = KINDS.flatMap((kind) => Object.entries(manifest.components[kind]).map(([id, about]) => ({
    kind, id, about, code: code(folder, kind, about.codeFiles),
  })));
  return {
    origin: manifest.origins[0],
    base: JSON.parse(read(folder, general.base)),
    groups: JSON.parse(read(folder, general.groups)),
    common: JSON.parse(read(folder, general.common)),
    readme: read(folder, general.readme),
    parts,
  };
};

const code = (folder, kind, files) => Object.entries(files).map(([name, path]) => {
  const section = SECTIONS[kind][name];
  if (!section) throw new Error(`${path}: Make has no section for “${name}”.`);
  return { section, content: JSON.parse(read(folder, path)) };
});

// What Make keeps about a part besides its code. `named` gives Make's own names of others.
export const metadata = ({ kind, about }, named) => ({
  label: about.label,
  ...(kind === 'module' && { description: about.description, typeId: TYPE_IDS[about.moduleType] }),
  ...(about.actionCrud && { crud: about.actionCrud }),
  ...(about.connection && { connection: named('connection', about.connection) }),
  ...(about.webhook && { webhook: named('webhook', about.webhook) }),
});
