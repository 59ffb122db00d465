// The functions of a source file, by names that stay when lines move: the recorder marks them as they run (marks.js),
// and `npm run check` finds those that a change is in.
const path = require('node:path');

const root = path.resolve(__dirname, '../../..');

/** A file's path as records name it: from the root, with slashes. */
const nameOf = (file) => path.relative(root, file).split(path.sep).join('/');

/** Is this one of the product's own files, whose functions are marked? The generated client is not. */
const isSource = (file) => /^src\/(?!stores\/prisma\/).*\.ts$/.test(nameOf(file));

/**
 * Every function with a body, in the order of the text. `key` is its name after those of the functions and classes it
 * stands in; `start` and `end` are offsets, `body` is where its body begins and ends, `expression` says whether the
 * body is one expression.
 */
function functionsIn(text) {
  const ts = require('typescript');
  const source = ts.createSourceFile('a.ts', text, ts.ScriptTarget.Latest, true);
  const found = [];
  const taken = new Map();
  const keyFor = (within, name) => {
    const key = within ? `${within}/${name}` : name;
    const count = (taken.get(key) ?? 0) + 1;
    taken.set(key, count);
    return count === 1 ? key : `${key}#${count}`;
  };
  const visit = (node, within) => {
    let inner = within;
    if (ts.isClassLike(node)) inner = keyFor(within, node.name?.text ?? 'class');
    else if (ts.isFunctionLike(node) && node.body) {
      inner = keyFor(within, wordFor(ts, node, source));
      const expression = !ts.isBlock(node.body);
      found.push({
        key: inner,
        start: node.getStart(source),
        end: node.end,
        body: [node.body.getStart(source), node.body.end],
        expression,
      });
    }
    ts.forEachChild(node, (child) => visit(child, inner));
  };
  visit(source, '');
  return found;
}

function wordFor(ts, node, source) {
  if (ts.isConstructorDeclaration(node)) return 'constructor';
  if (node.name) return node.name.getText(source);
  for (let at = node.parent; at; at = at.parent) {
    if (ts.isParenthesizedExpression(at) || ts.isAsExpression(at) || ts.isSatisfiesExpression(at)) continue;
    if (ts.isVariableDeclaration(at) || ts.isPropertyAssignment(at) || ts.isPropertyDeclaration(at))
      return at.name.getText(source);
    if (ts.isCallExpression(at)) return `in ${at.expression.getText(source).replace(/\s+/g, '').slice(-40)}`;
    break;
  }
  return 'function';
}

module.exports = { functionsIn, isSource, nameOf, root };
