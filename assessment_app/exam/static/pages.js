/** Where the participant's two pages are, and what one tells the other. */

export const SIGN_IN_PAGE = "/";
export const SITTING_PAGE = "/sitting";
export const SIGNED_OUT = "proasn.signed-out"; // kept for the tab: why the sign-in page is shown, one of the two below
export const AGAIN = "again"; // the server asks to sign in again
export const DONE = "done"; // left with the receipt in hand
