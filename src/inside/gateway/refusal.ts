/** Why a request does not go through: a rule's name for the log, a status and a sentence for the tool inside. */
export class Refusal extends Error {
  constructor(readonly rule: string, readonly status: number, message: string) {
    super(message);
    this.name = 'Refusal';
  }
}
