// The table of terminals that a browser lets in, as Kysely sees it.

export interface TerminalSignInTable {
  code_hash: string;
  challenge: string;
  session_id: string;
  workspace_id: string;
  title: string;
  expires_at: Date;
}
