// No function is longer than `max` lines, without blank ones and comments. A function named `…Routes` may be: it is a
// table of routes, as long as each function in it has at most `inTable` lines. What is longer has a name of its own.

/** The name a function is declared or assigned under; '' where it has none. */
function nameOf(node) {
  if (node.id) return node.id.name;
  const { parent } = node;
  if (parent.type === 'VariableDeclarator') return parent.id.name ?? '';
  if (['Property', 'MethodDefinition', 'PropertyDefinition'].includes(parent.type)) return parent.key.name ?? '';
  return '';
}

/** Lines on which something stands that is no comment. */
function linesOf(node, code) {
  const lines = new Set();
  for (const token of code.getTokens(node))
    for (let line = token.loc.start.line; line <= token.loc.end.line; line++)
      if (code.lines[line - 1].trim() !== '') lines.add(line);
  return lines.size;
}

/** @type {import('eslint').Rule.RuleModule} */
export default {
  meta: {
    type: 'suggestion',
    schema: [{ type: 'object', properties: { max: { type: 'integer' }, inTable: { type: 'integer' } } }],
    messages: {
      long: '{{name}} has {{lines}} lines; the most is {{max}}.',
      table: '{{name}} has {{lines}} lines inside a table of routes; the most is {{max}}: give it a place of its own.',
    },
  },
  create(context) {
    const { max, inTable } = context.options[0];
    const code = context.sourceCode;
    /** Functions we are in: is each a table of routes longer than `max`? */
    const around = [];
    const enter = (node) => {
      const name = nameOf(node);
      const lines = linesOf(node, code);
      const isTable = name.endsWith('Routes');
      const most = around.includes(true) ? inTable : max;
      if (!isTable && lines > most)
        context.report({
          node,
          messageId: most === max ? 'long' : 'table',
          data: { name: name || 'a function', lines: String(lines), max: String(most) },
        });
      around.push(isTable && lines > max);
    };
    const leave = () => void around.pop();
    return {
      FunctionDeclaration: enter,
      FunctionExpression: enter,
      ArrowFunctionExpression: enter,
      'FunctionDeclaration:exit': leave,
      'FunctionExpression:exit': leave,
      'ArrowFunctionExpression:exit': leave,
    };
  },
};
