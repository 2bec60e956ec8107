/** A customer's playlist that is not served, with the reason for the person who made it. */
export class PlaylistRefusal extends Error {
  override readonly name = 'PlaylistRefusal';
  /** One word, for logs and tests. */
  readonly reason: string;

  constructor(reason: string, message: string) {
    super(message);
    this.reason = reason;
  }
}
