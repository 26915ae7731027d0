// What the decision card counts, and which of several answers is the newest. Knows no page.

/** Count the letters of a reason as the server does: white space counts once, and not at the ends. */
export function letters(text) {
  return [...text.trim().replace(/\s+/gu, " ")].length;
}

/** Wrap a question so that only the answer to the newest one counts; an older one comes back as null. */
export function newest(ask) {
  let asked = 0;
  return async () => {
    asked += 1;
    const mine = asked;
    try {
      const answer = await ask();
      return mine === asked ? answer : null;
    } catch (error) {
      if (mine === asked) throw error;
      return null;
    }
  };
}
