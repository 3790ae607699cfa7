'use strict';

const { ask } = require('../http');

// What a dropdown is filled from, page by page; the service's cursor is kept between the pages.
const list = ({ service, ...part }) => {
  const perform = async (z, bundle) => {
    const cursor = bundle.meta.page ? await z.cursor.get() : undefined;
    if (bundle.meta.page && !cursor) return [];
    const page = await ask(z, bundle, 'GET', service.path, { params: { cursor } });
    await z.cursor.set(page.next ?? '');
    return page.items;
  };
  return { ...part, operation: { ...part.operation, perform } };
};

module.exports = { list };
