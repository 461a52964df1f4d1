import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { expect, test } from 'vitest';
import { api } from '../contract/api.ts';
import { program } from './main.ts';

const leaves = (command: Command): Command[] => (command.commands.length === 0 ? [command] : command.commands.flatMap(leaves));
const nameOf = (command: Command): string => [...(command.parent ? [nameOf(command.parent)] : []), command.name()].join(' ');
const verbs = leaves(program());

test('every verb takes --json, says what it does, and has help that fits a terminal of 80 columns', () => {
  expect(verbs.length).toBeGreaterThan(40);
  for (const verb of verbs) {
    expect([nameOf(verb), verb.options.some(({ long }) => long === '--json')]).toEqual([nameOf(verb), true]);
    expect([nameOf(verb), verb.summary()]).not.toEqual([nameOf(verb), '']);
    let help = '';
    verb.configureOutput({ writeOut: (text) => (help += text), getOutHelpWidth: () => 80 }).outputHelp();
    const wide = help.split('\n').filter((line) => line.length > 80);
    expect([nameOf(verb), wide]).toEqual([nameOf(verb), []]);
  }
});

test('no flag takes a secret as an argument', () => {
  const taking = verbs.flatMap((verb) => verb.options.map(({ flags }) => flags)).filter((flags) => / <|\[/.test(flags));
  const secret = taking.filter((flags) => /pass|secret|token|key/.test(flags) && !/-file <path>$/.test(flags));
  // Both are of public keys.
  expect([...new Set(secret)].sort()).toEqual(['--key <key>', '--ssh-host-key <SHA256:…>']);
});

// What a person does elsewhere, with the reason.
const elsewhere: Readonly<Record<string, string>> = {
  getHealth: 'for whatever watches the process',
  getReadiness: 'for whatever watches the process',
  getOpenApi: 'for generators',
  acceptInvitation: 'a link opens the web',
  acceptPasswordLink: 'a link opens the web',
  switchOrganization: 'a key belongs to one organisation',
};

test('whatever a person may do by REST has a verb', () => {
  const sources = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' }).filter((name) => /(?<!\.test)\.ts$/.test(name));
  const text = sources.map((name) => readFileSync(join(import.meta.dirname, name), 'utf8')).join('\n');
  const missing = Object.keys(api).filter((id) => !(id in elsewhere) && !new RegExp(`\\.${id}\\(`).test(text));
  expect(missing).toEqual([]);
  expect(Object.keys(elsewhere).filter((id) => !(id in api) || new RegExp(`\\.${id}\\(`).test(text))).toEqual([]);
});
