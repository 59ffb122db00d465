// An exported function that throws says so: its doc comment has an @throws. What a function within it throws is that
// function's own matter.

/** The statement that a doc comment stands before. */
function exportedAround(node) {
  let one = node;
  if (node.type !== 'FunctionDeclaration') {
    if (node.parent.type !== 'VariableDeclarator') return null;
    one = node.parent.parent;
  }
  return /^Export(?:Named|Default)Declaration$/.test(one.parent.type) ? one.parent : null;
}

/** @type {import('eslint').Rule.RuleModule} */
export default {
  meta: {
    type: 'suggestion',
    schema: [],
    messages: { missing: '{{name}} throws, and its doc comment has no @throws.' },
  },
  create(context) {
    const code = context.sourceCode;
    const around = [];
    const enter = (node) => void around.push({ node, throws: false });
    const leave = () => {
      const { node, throws } = around.pop();
      const statement = throws ? exportedAround(node) : null;
      if (!statement) return;
      const doc = code.getCommentsBefore(statement).at(-1)?.value ?? '';
      if (doc.includes('@throws')) return;
      const name = node.id?.name ?? node.parent.id?.name ?? 'a function';
      context.report({ node, messageId: 'missing', data: { name } });
    };
    return {
      FunctionDeclaration: enter,
      FunctionExpression: enter,
      ArrowFunctionExpression: enter,
      ThrowStatement: () => {
        const innermost = around.at(-1);
        if (innermost) innermost.throws = true;
      },
      'FunctionDeclaration:exit': leave,
      'FunctionExpression:exit': leave,
      'ArrowFunctionExpression:exit': leave,
    };
  },
};
