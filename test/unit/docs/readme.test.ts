import { expect, it } from 'vitest';
import { Fault, type FaultCode } from '../../../core/contract/fault.ts';
import packageJson from '../../../package.json' with { type: 'json' };
import { findAll, PAGES, readPage } from './pages.ts';

it.each(PAGES)('every npm script that %s names exists', (page) => {
  const scripts = findAll(readPage(page), /\bnpm (?:run )?(start\b|test\b|(?<=run )[\w:-]+)/g);
  expect(scripts.filter((script) => !(script in packageJson.scripts))).toEqual([]);
});

it('docs/decisions/dependencies.md says of every dependency why it is there', () => {
  const { dependencies, devDependencies } = packageJson;
  const explained = findAll(readPage('docs/decisions/dependencies.md'), /^\| `([^`]+)` \|/gm);
  expect([...explained].sort()).toEqual(
    Object.keys({ ...dependencies, ...devDependencies }).sort(),
  );
});

const errors = [...readPage('docs/api.md').matchAll(/^\| (\d{3}) \| (.+) \|$/gm)].map(
  ([, status = '', codes = '']) => [status, findAll(codes, /`(\w+)`/g)] as const,
);

it.each(errors)('every error that docs/api.md lists under %s has this status', (status, codes) => {
  for (const code of codes) {
    expect([code, new Fault(code as FaultCode).status]).toEqual([code, Number(status)]);
  }
});
