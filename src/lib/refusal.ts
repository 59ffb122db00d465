/**
 * A reason not to go on that the operator can remove. Its message is a whole sentence that says how;
 * it is printed alone, without a stack.
 */
export class Refusal extends Error {
  override name = 'Refusal';
}
