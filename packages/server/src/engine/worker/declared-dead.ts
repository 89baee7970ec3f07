/** Thrown when this worker has been declared dead: nothing it has may be written. */
export class DeclaredDead extends Error {}
