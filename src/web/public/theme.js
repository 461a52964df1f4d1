// Runs before the first paint, so that a chosen theme never flashes; without a choice the system decides.
try {
  const theme = localStorage.getItem('portcullis.theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // Storage is closed to us: the system's theme it is.
}
