// A command that has already said what went wrong and only has an exit code left to give.

export class CommandFailed extends Error {
  readonly exitCode: number;

  constructor(exitCode: number) {
    super(`exit ${exitCode}`);
    this.name = 'CommandFailed';
    this.exitCode = exitCode;
  }
}
