/** Where the participant's two pages are, and what one tells the other. */

export const SIGN_IN_PAGE = "/";
export const SITTING_PAGE = "/sitting";
export const SIGNED_OUT = "proasn.signed-out"; // kept for the tab: the server asks to sign in again
