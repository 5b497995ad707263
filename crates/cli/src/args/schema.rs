//! The arguments of `cartera schema`.

use clap::{Args, ValueEnum};

#[derive(Debug, Args)]
pub(crate) struct SchemaArguments {
    /// The table, such as interactions
    pub(crate) table: Option<String>,
    /// Form of the output; the catalogues of docs/ are the last two
    #[arg(long, default_value = "text")]
    format: SchemaFormat,
    /// The same as --format json
    #[arg(long, conflicts_with = "format")]
    json: bool,
}

impl SchemaArguments {
    pub(crate) fn format(&self) -> SchemaFormat {
        if self.json { SchemaFormat::Json } else { self.format }
    }
}

/// Form of a catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SchemaFormat {
    /// For people at a terminal
    Text,
    /// For people who read it elsewhere
    Markdown,
    /// For machines: the version, and the tables with all their columns
    Json,
}
