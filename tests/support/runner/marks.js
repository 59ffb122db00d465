// Which functions of the product ran during a test file. Each file of the product holds an array with a place for every
// function, and the function's first statement sets its place: it costs next to nothing, so every run records.
const { functionsIn, nameOf } = require('./functions');

const arrays = new Map();

/** The source with a mark at the beginning of each function. No line moves. */
function withMarks(source, file) {
  const inserts = functionsIn(source).flatMap(({ body: [start, end], expression }, index) =>
    expression
      ? [
          [start, `(__ran[${index}]=1,`],
          [end, ')'],
        ]
      : [[start + 1, `__ran[${index}]=1;`]],
  );
  if (inserts.length === 0) return source;
  // From the end, so that no offset moves; where two meet, what closes stands before what opens.
  inserts.sort(([a, one], [b, other]) => b - a || Number(one === ')') - Number(other === ')'));
  let text = source;
  for (const [at, what] of inserts) text = text.slice(0, at) + what + text.slice(at);
  return `const __ran=globalThis.__marksOf(${JSON.stringify(nameOf(file))},${functionsIn(source).length});${text}`;
}

/** What a marked file asks for when it is evaluated. */
globalThis.__marksOf = (file, count) => {
  if (arrays.get(file)?.length !== count) arrays.set(file, new Uint8Array(count));
  return arrays.get(file);
};

/** Begins anew: nothing has run. */
const clearMarks = () => arrays.forEach((one) => one.fill(0));

/** By file, the indices of the functions that have run. */
function readMarks() {
  const ran = {};
  for (const [file, marks] of arrays) {
    const indices = [];
    marks.forEach((mark, index) => {
      if (mark) indices.push(index);
    });
    if (indices.length > 0) ran[file] = indices;
  }
  return ran;
}

module.exports = { clearMarks, readMarks, withMarks };
