/**
 * A request header: the page asks this by itself while nobody is at it. It is answered as ever and is no use of the session, which ends when it
 * has not been used for the time that the rules of signing in set. Its value does not matter.
 */
export const unattendedHeader = 'tidewheel-unattended';
