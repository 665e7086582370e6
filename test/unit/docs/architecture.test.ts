import { existsSync, globSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findAll, PAGES, readPage } from './pages.ts';

const PATH = /`((?:edge|core|infra|test|docs|\.ci)\/[\w./-]+)`/g;
const LINK = /\]\((?!https?:)([^)#]+)/g;

describe.each(PAGES)('%s', (page) => {
  it('names only files and folders that exist', () => {
    expect(findAll(readPage(page), PATH).filter((path) => !existsSync(path))).toEqual([]);
  });

  it('links only to what exists', () => {
    const targets = findAll(readPage(page), LINK).map((link) => join(dirname(page), link));
    expect(targets.filter((path) => !existsSync(path))).toEqual([]);
  });
});

const parts = globSync('{edge,core}/**/*.ts').map((path) => path.split('/', 2).join('/'));

it.each([...new Set(parts)].sort())('docs/architecture.md names %s', (part) => {
  expect(findAll(readPage('docs/architecture.md'), PATH)).toContain(part);
});
