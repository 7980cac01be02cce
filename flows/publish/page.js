"use strict";
const isEnglish = () => document.getElementById("say-en").checked;
const say = (zh, en) => (isEnglish() ? en : zh);
// the language goes along to other pages: each opens in the one that its address ends in
const speak = () => {
  document.documentElement.lang = isEnglish() ? "en" : "zh-CN";
  for (const link of document.links) if (link.pathname.endsWith(".html") && !link.getAttribute("href").startsWith("#")) link.hash = isEnglish() ? "#en" : "";
};
for (const id of ["say-zh", "say-en"]) document.getElementById(id).addEventListener("change", speak);
if (location.hash === "#en" || location.hash === "#zh") document.getElementById(`say-${location.hash.slice(1)}`).checked = true;
speak();
