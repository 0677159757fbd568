// The desk's only script. Every page does all of it without: docs/decisions/desk-script.md.
"use strict";

// A send's figures, looked at again without losing one's place on the page.
const watched = document.getElementById("watched");
if (watched && watched.dataset.seconds) {
  let tag = "";
  const again = () => setTimeout(look, Number(watched.dataset.seconds) * 1000);
  const look = async () => {
    if (document.hidden) return again();
    try {
      const answer = await fetch(location.href, { headers: tag ? { "if-none-match": tag } : {}, redirect: "manual" });
      if (answer.status === 200) {
        tag = answer.headers.get("etag") || "";
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const fresh = page.getElementById("watched");
        if (!fresh || !fresh.dataset.seconds) return location.reload();
        watched.replaceChildren(...fresh.childNodes);
      } else if (answer.type === "opaqueredirect" || (answer.status >= 400 && answer.status < 500)) {
        return location.reload();
      }
    } catch {
      // The server starts again: it is asked once more.
    }
    again();
  };
  again();
}

// A story is moved by dragging it, too: the form that moves it is filled in and sent.
let held = null;
const stories = [...document.querySelectorAll("ol.stories > li[data-moves]")];
const unmark = () => stories.forEach((one) => one.classList.remove("before", "after"));
const side = (one, event) => {
  const box = one.getBoundingClientRect();
  return event.clientY < box.top + box.height / 2 ? "before" : "after";
};
for (const one of stories) {
  const grip = one.querySelector(".grip");
  grip.hidden = false;
  grip.addEventListener("pointerdown", () => { one.draggable = true; });
  grip.addEventListener("pointerup", () => { one.draggable = false; });
  one.addEventListener("dragstart", (event) => {
    held = one;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", "");
    one.classList.add("held");
  });
  one.addEventListener("dragend", () => {
    held = null;
    one.draggable = false;
    one.classList.remove("held");
    unmark();
  });
  one.addEventListener("dragover", (event) => {
    if (!held || held === one) return;
    event.preventDefault();
    unmark();
    one.classList.add(side(one, event));
  });
  one.addEventListener("drop", (event) => {
    if (!held || held === one) return;
    event.preventDefault();
    const others = [...one.parentElement.children].filter((each) => each !== held);
    const place = others.indexOf(one) + (side(one, event) === "before" ? 1 : 2);
    const form = held.querySelector("form.inline");
    form.elements.section.value = one.parentElement.dataset.section;
    form.elements.place.value = String(place);
    form.requestSubmit(form.querySelector("button[value=move]"));
  });
}
