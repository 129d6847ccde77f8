// Says so when a device did not answer: otherwise its button would just seem dead.
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const trouble = document.getElementById("device-trouble");
  if (!trouble) return;
  trouble.hidden = false;
  trouble.scrollIntoView({ block: "nearest" });
});
