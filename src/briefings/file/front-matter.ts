import { LineCounter, isAlias, isMap, isNode, isScalar, parseDocument, visit, type Node } from 'yaml';
import type { Fault } from './fault';

export type Path = readonly PropertyKey[];

/** The front matter as plain text values (everything is text here; the shape decides what a text may be). */
export interface FrontMatter {
  readonly value: unknown;
  /** The line in the file of what stands at `path`, or of the nearest thing around it. */
  readonly lineOf: (path: Path) => number;
  /** What follows the front matter, and the line in the file where it begins. */
  readonly rest: string;
  readonly restLine: number;
}

/** Splits a file at its two lines of `---` and reads what is between as YAML without anchors, aliases or tags. */
export function readFrontMatter(file: string, text: string): FrontMatter | { faults: Fault[] } {
  const lines = text.split('\n');
  const end = lines.indexOf('---', 1);
  if (lines[0] !== '---' || end < 0) {
    const found = lines[0] === '---' ? 'no second line of ---' : 'a first line that is not ---';
    return { faults: [{ file, line: 1, field: 'front matter', found, allowed: 'YAML between two lines of ---' }] };
  }
  const counter = new LineCounter();
  // The failsafe schema reads every scalar as text, so a title of 2024 or "no" stays what was written.
  const document = parseDocument(lines.slice(1, end).join('\n'), {
    lineCounter: counter,
    schema: 'failsafe',
    strict: true,
    uniqueKeys: true,
    prettyErrors: false,
    logLevel: 'silent',
  });
  const lineAt = (offset: number) => counter.linePos(offset).line + 1;
  const faults: Fault[] = document.errors.map((error) => ({
    file,
    line: lineAt(error.pos[0]),
    field: 'front matter',
    found: error.message.replace(/\s+/g, ' '),
    allowed: 'YAML 1.2, each field once',
  }));
  visit(document, (_key, node) => {
    const found = isNode(node) ? beyondPlain(node) : null;
    if (found && isNode(node))
      faults.push({
        file,
        line: lineAt(node.range?.[0] ?? 0),
        field: 'front matter',
        found,
        allowed: 'plain YAML without anchors, aliases or tags',
      });
  });
  if (faults.length > 0) return { faults };
  if (document.contents !== null && !isMap(document.contents)) {
    const found = 'something that is not a block of fields';
    return { faults: [{ file, line: 2, field: 'front matter', found, allowed: 'fields, each `name: value`' }] };
  }
  return {
    value: document.contents === null ? {} : document.toJS({ maxAliasCount: 0 }),
    lineOf: (path) => {
      for (let length = path.length; length > 0; length--) {
        const node = keyOf(document.contents, path.slice(0, length));
        if (node?.range) return lineAt(node.range[0]);
      }
      return 1;
    },
    rest: lines.slice(end + 1).join('\n'),
    restLine: end + 2,
  };
}

/** What makes a node more than plain YAML; null where nothing does. */
function beyondPlain(node: Node): string | null {
  if (isAlias(node)) return `the alias *${node.source}`;
  if ('anchor' in node && node.anchor) return `the anchor &${String(node.anchor)}`;
  return node.tag ? `the tag ${node.tag}` : null;
}

/** The node that names `path`: the key in a block of fields, the row itself in a list. */
function keyOf(root: unknown, path: Path): Node | null {
  let node: unknown = root;
  let found: Node | null = null;
  for (const step of path) {
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && item.key.value === String(step));
      if (!pair) return null;
      found = pair.key as Node;
      node = pair.value;
    } else if (typeof node === 'object' && node !== null && 'items' in node && Array.isArray(node.items)) {
      node = node.items[Number(step)];
      found = node as Node | null;
    } else return null;
  }
  return found;
}
