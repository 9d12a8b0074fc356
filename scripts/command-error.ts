/** A failure the operator can do something about: shown as message and hint, without a stack. */
export class CommandError extends Error {
  override readonly name = "CommandError";
  /** What to do about it, as an imperative without the final full stop. */
  readonly hint: string;

  constructor(message: string, hint: string, options?: ErrorOptions) {
    super(message, options);
    this.hint = hint;
  }
}
