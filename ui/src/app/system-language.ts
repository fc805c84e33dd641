// In the C locale WebKitGTK calls the system's language "C". That is no language tag, and libraries
// that format numbers with it throw while they are loaded, so this must be imported before them.
try {
  Intl.getCanonicalLocales(navigator.language);
} catch {
  Object.defineProperty(navigator, "language", { value: "en", configurable: true });
}
