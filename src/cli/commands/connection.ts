import type { Command } from 'commander';
import { addConnectionAdd } from './connection-add.ts';
import { addConnectionCredential } from './connection-credential.ts';
import { addConnectionEdit } from './connection-edit.ts';
import { addConnectionRead } from './connection-read.ts';
import { addConnectionSettle } from './connection-settle.ts';
import { addConnectionSwitch } from './connection-switch.ts';

/** `portcullis connection …` */
export function addConnectionCommands(program: Command): void {
  const connection = program.command('connection').description('the registered databases; each is named by its alias or id');
  addConnectionAdd(connection);
  addConnectionRead(connection);
  addConnectionEdit(connection);
  addConnectionCredential(connection);
  addConnectionSettle(connection);
  addConnectionSwitch(connection);
}
