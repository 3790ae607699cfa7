// The app as it is in Make: what is there already is found, what is missing is made, and only what
// differs is written. Make chooses the names of connections and webhooks: they are found by label.

import { isDeepStrictEqual } from 'node:util';

import { metadata } from './app.mjs';

const LABEL = 'COI connector';
const ABOUT = 'Reads certificates of insurance, checks them and passes the result on.';

// `make` is a client of @makehq/sdk; `tell` hears of every change, made or, on a dry run, to be made.
export const deploy = async ({ make, app, name, version, isDryRun, tell }) => {
  const counts = { created: 0, written: 0, unchanged: 0 };
  const names = new Map();
  const named = (kind, id) => names.get(`${kind} ${id}`) ?? `(new ${kind} ${id})`;
  const change = async (kind, what, act) => {
    counts[kind] += 1;
    tell(`${kind === 'created' ? 'create' : 'write'} ${what}`);
    return isDryRun ? undefined : act();
  };
  const write = async (what, wanted, get, set) => {
    if (same(await get(), wanted)) counts.unchanged += 1;
    else await change('written', what, () => set(wanted));
  };
  const nothing = async () => undefined;

  const found = await absent(() => make.sdk.apps.get(name, version));
  const created = found ? undefined : await change('created', `app ${name}`, () => make.sdk.apps.create({
    name, label: LABEL, description: ABOUT, theme: '#1f4e79', language: 'en', private: true, countries: [], audience: 'global',
  }));
  const appName = found?.name ?? created?.name ?? name;
  const isThere = Boolean(found ?? created);

  const calls = kinds(make, appName, version);
  const there = {};
  for (const [kind, call] of Object.entries(calls)) there[kind] = isThere ? await call.list() : [];
  for (const part of app.parts) {
    const call = calls[part.kind];
    const remote = there[part.kind].find((one) => call.isSame(one, part));
    const wanted = metadata(part, named);
    const what = `${part.kind} ${part.id}`;
    const made = remote ?? await change('created', what, () => call.create(part, wanted));
    const key = made?.name ?? part.id;
    names.set(what, key);
    const isNew = made === undefined;
    const { typeId, ...kept } = wanted;
    await write(`${what} about`, kept, isNew ? nothing : async () => pick(await call.get(key), kept), (body) => call.update(key, body));
    for (const { section, content } of part.code) {
      await write(`${what} ${section}`, content, isNew ? nothing : () => absent(() => call.getSection(key, section)), (body) => call.setSection(key, section, body));
    }
  }
  for (const [kind, call] of Object.entries(calls)) {
    const parts = app.parts.filter((part) => part.kind === kind);
    const left = there[kind].filter((one) => !parts.some((part) => call.isSame(one, part)));
    for (const { name: other } of left) tell(`left alone: ${kind} ${other} is in Make and not in this app`);
  }
  const { apps } = make.sdk;
  const ifThere = (get) => (isThere ? () => absent(get) : nothing);
  for (const section of ['base', 'groups']) {
    await write(`app ${section}`, app[section], ifThere(() => apps.getSection(appName, version, section)), (body) => apps.setSection(appName, version, section, body));
  }
  await write('app common', app.common, ifThere(() => apps.getCommon(appName, version)), (body) => apps.setCommon(appName, version, body));
  await write('app readme', app.readme, ifThere(() => apps.getDocs(appName, version)), (body) => apps.setDocs(appName, version, body));
  return { ...counts, appName };
};

const kinds = (make, name, version) => {
  const { connections, webhooks, modules, rpcs } = make.sdk;
  const byLabel = (one, part) => one.label === part.about.label;
  const byName = (one, part) => one.name === part.id;
  const named = (calls) => ({
    list: () => calls.list(name, version),
    isSame: byName,
    get: (key) => calls.get(name, version, key),
    update: (key, body) => calls.update(name, version, key, body),
    getSection: (key, section) => calls.getSection(name, version, key, section),
    setSection: (key, section, body) => calls.setSection(name, version, key, section, body),
  });
  const labelled = (calls, type) => ({
    list: () => calls.list(name),
    isSame: byLabel,
    create: async (part) => {
      await calls.create(name, { type: part.about[type], label: part.about.label });
      return (await calls.list(name)).find((one) => byLabel(one, part));
    },
    get: (key) => calls.get(key),
    update: (key, body) => calls.update(key, body),
    getSection: (key, section) => calls.getSection(key, section),
    setSection: (key, section, body) => calls.setSection(key, section, body),
  });
  const subtype = ({ about }) => (about.moduleType === 'universal' ? { subtype: 'Universal' } : {});
  return {
    connection: labelled(connections, 'connectionType'),
    webhook: labelled(webhooks, 'webhookType'),
    rpc: { ...named(rpcs), create: (part) => rpcs.create(name, version, { name: part.id, label: part.about.label }) },
    module: {
      ...named(modules),
      create: (part, about) => modules.create(name, version, { name: part.id, ...about, ...subtype(part), moduleInitMode: 'blank' }),
    },
  };
};

// What is not there is undefined; every other refusal ends the deployment.
const absent = async (ask) => {
  try {
    return await ask();
  } catch (error) {
    if (error.statusCode === 404) return undefined;
    throw error;
  }
};

const pick = (from, like) => Object.fromEntries(Object.keys(like).map((key) => [key, from?.[key]]));

// Make may give JSON back as text, and a text may be JSON to it.
const same = (there, wanted) => there !== undefined && isDeepStrictEqual(plain(there), plain(wanted));

const plain = (value) => {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    return value.trim();
  }
};
