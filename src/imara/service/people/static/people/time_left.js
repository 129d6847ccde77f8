// Says when a session is about to end, and lets one stay. Without this script the page at /account/stay/ says the same.
(() => {
  const notice = document.getElementById("time-left");
  if (!notice) return;
  const link = notice.querySelector("a");
  const left = notice.querySelector("[data-minutes-left]");
  const whole = Number(notice.dataset.minutes) * 60;
  const early = Math.min(180, whole / 2);
  let ends = Date.now() + whole * 1000;

  // Pages in other windows use the same session: whichever was used last counts.
  const key = "imara-session-ends";
  const share = () => { try { localStorage.setItem(key, String(ends)); } catch { /* no room, no sharing */ } };
  addEventListener("storage", (event) => { if (event.key === key && event.newValue) ends = Math.max(ends, Number(event.newValue)); });
  share();

  const tick = () => {
    const seconds = Math.round((ends - Date.now()) / 1000);
    notice.hidden = seconds > early;
    if (left) left.textContent = String(Math.max(0, Math.ceil(seconds / 60)));
  };
  setInterval(tick, 5000);

  // The link opens a page, and that counts as use; fetched from here, one stays where one is writing.
  link.addEventListener("click", async (event) => {
    event.preventDefault();
    const answer = await fetch(link.href, { cache: "no-store" }).catch(() => null);
    if (!answer?.ok) return window.open(link.href);
    ends = Date.now() + whole * 1000;
    share();
    tick();
  });
})();
