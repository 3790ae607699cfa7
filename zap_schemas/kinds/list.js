'use strict';

const { ask } = require('../http');
const { given } = require('./create');

// What a person reads: the values that tell two choices apart, a moment without its seconds.
const label = (item, keys) => keys.map((key) => item[key]).filter((value) => value !== null && value !== undefined)
  .map((value) => String(value).replace(/^(\d{4}-\d\d-\d\d)T(\d\d:\d\d).*$/, '$1 $2')).join(', ');

// What a dropdown is filled from, page by page; the service's cursor is kept between the pages.
// Zapier hands over what the step has filled in; what the list can be narrowed by narrows it.
const list = ({ service, ...part }) => {
  const names = part.operation.inputFields.map(({ key }) => key);
  const perform = async (z, bundle) => {
    const cursor = bundle.meta.page ? await z.cursor.get() : undefined;
    if (bundle.meta.page && !cursor) return [];
    const narrowed = Object.fromEntries(Object.entries(given(bundle)).filter(([key]) => names.includes(key)));
    const page = await ask(z, bundle, 'GET', service.path, { params: { ...narrowed, ...(cursor ? { cursor } : {}) } });
    await z.cursor.set(page.next ?? '');
    return page.items.map((item) => ({ ...item, choice_label: label(item, service.label) }));
  };
  return { ...part, operation: { ...part.operation, perform } };
};

module.exports = { list };
