import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { renderTemplate } from '../../src/lib/templates';

let folder: string;
const put = (name: string, text: string): string => {
  const file = path.join(folder, name);
  fs.writeFileSync(file, text);
  return file;
};

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'dossier-templates-'));
});
afterEach(() => fs.rmSync(folder, { recursive: true }));

test('a template and what it includes are printed without asking the disk a second time', () => {
  fs.mkdirSync(path.join(folder, 'parts'));
  put('parts/name.ejs', '<b><%= name %></b>');
  put('parts/row.ejs', '<i><%- include("name", { name: other }) %><%- include("./name.ejs") %></i>');
  const page = put('page.ejs', '<% for (const other of others) { %><%- include("parts/row", { other }) -%><% } %>');
  const said = () => renderTemplate(page, { others: ['x', '<y>'], name: 'z' });
  const first = said();
  expect(first).toBe('<i><b>x</b><b>z</b></i><i><b>&lt;y&gt;</b><b>z</b></i>');
  const read = [jest.spyOn(fs, 'readFileSync'), jest.spyOn(fs, 'existsSync'), jest.spyOn(fs, 'statSync')];
  expect(said()).toBe(first);
  expect(read.map((spy) => spy.mock.calls.length)).toEqual([0, 0, 0]);
  for (const spy of read) spy.mockRestore();
});

test('while templates are being written, one that has changed is read again', () => {
  const part = put('part.ejs', 'old');
  const page = put('page.ejs', '<%- include("part") %>');
  expect(renderTemplate(page, {}, true)).toBe('old');
  put('part.ejs', 'new');
  fs.utimesSync(part, new Date(), new Date(Date.now() + 5_000));
  expect(renderTemplate(page, {}, true)).toBe('new');
});

test('a fault of a template says where it is', () => {
  const page = put('page.ejs', 'one\n<%= nothing.at.all %>');
  expect(() => renderTemplate(page, {})).toThrow(/page\.ejs:2[^]*nothing is not defined/);
});
