//! A headless Chromium, for tests of pages: opens files, runs scripts in them, and hears what goes wrong.
//!
//! It speaks the DevTools protocol, without a network: every request but for the page itself is a finding.

use std::io::{BufRead, BufReader};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;
use tungstenite::{Message, WebSocket};

/// How long the browser may take for an answer.
const PATIENCE: Duration = Duration::from_secs(60);

const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

const FLAGS: [&str; 13] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-extensions",
    "--disable-sync",
    "--hide-scrollbars",
    "--no-first-run",
    "--remote-debugging-port=0",
];

/// How a page is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct View {
    /// The width of the window in CSS pixels.
    pub width: u32,
    /// Its height.
    pub height: u32,
    /// Whether the reader prefers dark pages.
    pub dark: bool,
    /// Whether it is laid out for paper.
    pub print: bool,
}

/// A browser with one page, which ends with this value.
#[derive(Debug)]
pub struct Browser {
    process: Child,
    socket: WebSocket<TcpStream>,
    session: String,
    asked: u64,
    /// What happened while answers were awaited.
    events: Vec<Value>,
    _profile: TempDir,
}

impl Drop for Browser {
    fn drop(&mut self) {
        // It may have ended by itself, and then there is nothing to end.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Browser {
    /// A browser, or none after saying that the test was skipped.
    ///
    /// # Panics
    /// When there is a browser that does not start; likewise below: this is for tests.
    #[must_use]
    #[expect(clippy::print_stderr, reason = "a skipped test says so")]
    pub fn start() -> Option<Self> {
        let Some(program) = installed() else {
            eprintln!("SKIPPED: this test needs Chromium, and none of {NAMES:?} is on the path");
            return None;
        };
        let profile = tempfile::tempdir().expect("the system gives temporary folders");
        let mut process = Command::new(program)
            .args(FLAGS)
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .arg("about:blank")
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the browser starts");
        let address = address(process.stderr.take().expect("a pipe"));
        let mut browser = Self {
            process,
            socket: connect(&address),
            session: String::new(),
            asked: 0,
            events: Vec::new(),
            _profile: profile,
        };
        let target = browser.ask("Target.createTarget", json!({ "url": "about:blank" }))["targetId"].clone();
        let attached = browser.ask("Target.attachToTarget", json!({ "targetId": target, "flatten": true }));
        browser.session = attached["sessionId"].as_str().expect("a session").to_owned();
        for domain in ["Page", "Runtime", "Log", "Network"] {
            browser.ask(&format!("{domain}.enable"), json!({}));
        }
        let offline = json!({ "offline": true, "latency": 0, "downloadThroughput": 0, "uploadThroughput": 0 });
        browser.ask("Network.emulateNetworkConditions", offline);
        Some(browser)
    }

    /// Opens a file and waits until it is loaded and laid out.
    ///
    /// # Panics
    /// When it cannot be opened.
    pub fn open(&mut self, file: &Path, view: View) {
        let scheme = if view.dark { "dark" } else { "light" };
        self.ask(
            "Emulation.setDeviceMetricsOverride",
            json!({
                "width": view.width, "height": view.height, "deviceScaleFactor": 1, "mobile": false,
            }),
        );
        self.ask(
            "Emulation.setEmulatedMedia",
            json!({
                "media": if view.print { "print" } else { "screen" },
                "features": [{ "name": "prefers-color-scheme", "value": scheme }],
            }),
        );
        self.events.clear();
        let opened = self.ask("Page.navigate", json!({ "url": format!("file://{}", file.display()) }));
        assert!(opened.get("errorText").is_none(), "{}: {opened}", file.display());
        let started = Instant::now();
        while !self.events.iter().any(|event| event["method"] == "Page.loadEventFired") {
            assert!(started.elapsed() < PATIENCE, "{} is not loaded", file.display());
            let event = self.hear();
            self.events.push(event);
        }
        self.settle();
    }

    /// Waits until the page is drawn as it is now.
    pub fn settle(&mut self) {
        self.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))");
    }

    /// The value of an expression in the page; of a promise, what it promised.
    ///
    /// # Panics
    /// When it throws.
    pub fn evaluate(&mut self, expression: &str) -> Value {
        let answer = self.ask(
            "Runtime.evaluate",
            json!({ "expression": expression, "returnByValue": true, "awaitPromise": true }),
        );
        assert!(answer.get("exceptionDetails").is_none(), "the script failed: {answer}");
        answer["result"]["value"].clone()
    }

    /// Presses a key that writes nothing, such as `Tab` or `ArrowRight`.
    pub fn press(&mut self, key: &str, code: u32) {
        for kind in ["rawKeyDown", "keyUp"] {
            let event = json!({ "type": kind, "key": key, "code": key, "windowsVirtualKeyCode": code });
            self.ask("Input.dispatchKeyEvent", event);
        }
    }

    /// Moves the mouse to a place of the window.
    pub fn point_at(&mut self, x: f64, y: f64) {
        self.ask(
            "Input.dispatchMouseEvent",
            json!({ "type": "mouseMoved", "x": x, "y": y }),
        );
    }

    /// What went wrong since the page was opened, in words: exceptions, errors and warnings of the console, and
    /// whatever was asked for beside the page itself.
    #[must_use]
    pub fn complaints(&self) -> Vec<String> {
        let mut pages = 0;
        let complaint = |event: &Value| {
            let parameters = &event["params"];
            let said = match event["method"].as_str()? {
                "Runtime.exceptionThrown" => format!("exception: {}", parameters["exceptionDetails"]),
                "Runtime.consoleAPICalled" if parameters["type"] != "log" => format!("console: {parameters}"),
                "Log.entryAdded" => format!("log: {}", parameters["entry"]),
                "Network.requestWillBeSent" => {
                    pages += 1;
                    let url = parameters["request"]["url"].as_str().unwrap_or("");
                    if pages == 1 && parameters["type"] == "Document" || url.starts_with("data:") {
                        return None;
                    }
                    format!("request: {url}")
                }
                _ => return None,
            };
            Some(said)
        };
        self.events.iter().filter_map(complaint).collect()
    }

    /// What the window shows, as PNG in base 64.
    ///
    /// # Panics
    /// When the browser draws nothing.
    pub fn screenshot(&mut self) -> String {
        let answer = self.ask(
            "Page.captureScreenshot",
            json!({ "format": "png", "captureBeyondViewport": true }),
        );
        answer["data"].as_str().expect("a picture").to_owned()
    }

    /// Asks the browser, and keeps what it tells before it answers.
    fn ask(&mut self, method: &str, parameters: Value) -> Value {
        self.asked += 1;
        let mut request = json!({ "id": self.asked, "method": method, "params": parameters });
        if !self.session.is_empty() {
            request["sessionId"] = json!(self.session);
        }
        self.socket
            .send(Message::text(request.to_string()))
            .expect("the browser listens");
        loop {
            let message = self.hear();
            if message["id"] == json!(self.asked) {
                assert!(message.get("error").is_none(), "{method}: {}", message["error"]);
                return message["result"].clone();
            }
            self.events.push(message);
        }
    }

    fn hear(&mut self) -> Value {
        loop {
            match self.socket.read().expect("the browser answers") {
                Message::Text(text) => return serde_json::from_str(&text).expect("JSON"),
                Message::Close(_) => panic!("the browser ended"),
                _ => {}
            }
        }
    }
}

fn installed() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    NAMES
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)))
        .find(|program| program.is_file())
}

/// Where the browser listens, as it says itself; the rest of what it says is read and forgotten.
fn address(stderr: ChildStderr) -> String {
    let mut lines = BufReader::new(stderr).lines();
    let mut said = Vec::new();
    for line in lines.by_ref() {
        let line = line.expect("text");
        if let Some(address) = line.strip_prefix("DevTools listening on ") {
            let address = address.to_owned();
            std::thread::spawn(move || lines.for_each(drop));
            return address;
        }
        said.push(line);
    }
    panic!("the browser ended at once: {said:?}");
}

fn connect(address: &str) -> WebSocket<TcpStream> {
    let host = address.strip_prefix("ws://").and_then(|rest| rest.split('/').next());
    let stream = TcpStream::connect(host.expect("an address of a WebSocket")).expect("the browser listens");
    stream.set_read_timeout(Some(PATIENCE)).expect("a timeout");
    let (socket, _) = tungstenite::client(address, stream).expect("a WebSocket");
    socket
}
