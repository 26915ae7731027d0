import assert from "node:assert/strict";
import test from "node:test";
import { isSafeBrowser, shownKeys } from "../../assessment_app/exam/static/safe_browser.js";

test("another browser shows nothing", async () => {
  assert.equal(isSafeBrowser({}), false);
  assert.equal(await shownKeys({}), undefined);
});

test("keys that are there already are shown without asking", async () => {
  const updateKeys = () => assert.fail("asked");
  const window = { SafeExamBrowser: { security: { configKey: "c", browserExamKey: "b", updateKeys } } };
  assert.equal(isSafeBrowser(window), true);
  assert.deepEqual(await shownKeys(window), { config_key: "c", exam_key: "b" });
});

test("an older version is asked first", async () => {
  const security = { configKey: "", browserExamKey: "" };
  security.updateKeys = (done) => setTimeout(() => {
    security.configKey = "c";
    done();
  });
  assert.deepEqual(await shownKeys({ SafeExamBrowser: { security } }), { config_key: "c", exam_key: "" });
});

test("one that never answers lets the sign-in go on without", async () => {
  const security = { updateKeys: () => {} };
  assert.deepEqual(await shownKeys({ SafeExamBrowser: { security } }, 1), { config_key: "", exam_key: "" });
});
