//! The example buckets, made anew and identical at every start; only what differs is logged.

pub(crate) mod maker;
mod odd;
mod picture;

use std::collections::BTreeMap;

use crate::content::Library;
use crate::options::Provider;
use crate::store::bucket::{Bucket, Versioning};
use crate::store::million::{Million, Shape};
use maker::{HOUR, Maker};

const KIB: u64 = 1 << 10;
const MIB: u64 = 1 << 20;
const GIB: u64 = 1 << 30;
const TIB: u64 = 1 << 40;

/// The one account that owns everything.
pub(crate) const OWNER: &str = "1250000000";

/// The user of the temporary keys.
pub(crate) const GUEST: &str = "1250000001";

/// The region of each endpoint.
pub(crate) const fn home_region(provider: Provider) -> &'static str {
    match provider {
        Provider::Cos => "ap-guangzhou",
        Provider::Obs => "cn-north-4",
        Provider::S3 => "us-east-1",
    }
}

/// The region of the one bucket that lives elsewhere.
pub(crate) const fn far_region(provider: Provider) -> &'static str {
    match provider {
        Provider::Cos => "ap-shanghai",
        Provider::Obs => "cn-east-3",
        Provider::S3 => "eu-central-1",
    }
}

/// The full name of an example bucket: `photos`, `datasets`, `archive`, `million` (as many keys on
/// one level), `forest` (a million keys on three levels of a hundred), `versions`, `odd-keys`,
/// `orphans`, `backup`, `no-access` or `far`.
///
/// ```
/// use partway_democloud::{Provider, example_bucket};
/// assert_eq!(example_bucket(Provider::Cos, "photos"), "photos-1250000000");
/// assert_eq!(example_bucket(Provider::S3, "photos"), "photos-demo");
/// ```
pub fn example_bucket(provider: Provider, word: &str) -> String {
    match provider {
        Provider::Cos => format!("{word}-1250000000"),
        Provider::Obs | Provider::S3 => format!("{word}-demo"),
    }
}

/// All example buckets of one provider.
pub(crate) fn buckets(
    provider: Provider,
    born: i64,
    library: &Library,
) -> BTreeMap<String, Bucket> {
    let mut maker = Maker::new(provider, born, library);
    photos(&mut maker);
    datasets(&mut maker);
    archive(&mut maker);
    for (word, shape) in [("million", Shape::Flat), ("forest", Shape::Nested)] {
        let written = born - 24 * HOUR;
        maker.bucket(word).computed = Some(Million { shape, written });
    }
    versions(&mut maker);
    odd::keys(&mut maker);
    orphans(&mut maker);
    maker.bucket("backup");
    no_access(&mut maker);
    far(&mut maker);
    maker.done()
}

fn photos(maker: &mut Maker<'_>) {
    let bucket = "photos";
    for (folder, count) in [
        ("2023/amsterdam", 4),
        ("2024/berlin/day one", 6),
        ("2024/berlin/day two", 5),
        ("2024/köln", 3),
        ("2025/上海/外滩", 4),
        ("2025/上海/豫园", 3),
        ("🎉 party", 2),
    ] {
        for number in 1..=count {
            let key = format!("{folder}/IMG_{number:04}.png");
            let pixels = picture::png(&key);
            maker.real(bucket, &key, "image/png", pixels);
        }
    }
    let text = "text/plain; charset=utf-8";
    maker.real(
        bucket,
        "readme.txt",
        text,
        "Example pictures, drawn by a program.\n",
    );
    maker.real(bucket, "Grüße.txt", text, "Schöne Grüße aus Köln.\n");
    maker.real(
        bucket,
        "说明.md",
        "text/markdown",
        "# 示例\n\n这些图片由程序生成。\n",
    );
    maker.real(bucket, "empty.txt", text, "");
    maker.real(bucket, "2023/", "application/x-directory", "");
    maker.real(
        bucket,
        "albums/berlin.json",
        "application/json",
        "{\"title\":\"Berlin\",\"pictures\":11}\n",
    );
    maker.real(
        bucket,
        "tables/exposure.csv",
        "text/csv",
        "file,iso,seconds\nIMG_0001,100,0.008\nIMG_0002,200,0.004\n",
    );
    maker.real(bucket, "maps/route.svg", "image/svg+xml", "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 40 20\"><path d=\"M2 18 12 4 22 14 38 2\" fill=\"none\" stroke=\"#2a7\"/></svg>\n");
    maker.real(
        bucket,
        "site/index.html",
        "text/html",
        "<!doctype html><title>Pictures</title><p>Nothing to see yet.\n",
    );
    maker.real(bucket, "clips/tone.wav", "audio/wav", picture::tone());
}

fn datasets(maker: &mut Maker<'_>) {
    let bucket = "datasets";
    for (key, size) in [
        ("genome/sample-0001.bam", TIB),
        ("genome/sample-0002.bam", 20 * GIB),
        ("genome/cohort-2026.tar", 48 * TIB),
        ("climate/era5-2025.nc", 5 * GIB),
        ("climate/era5-2026.nc", 5 * GIB + 1),
        ("images/tiles-000.zip", 64 * MIB),
        ("images/tiles-001.zip", 100 * MIB + 1),
        ("images/tiles-002.zip", 300 * MIB),
        ("logs/2026-01.ndjson.gz", GIB),
        ("logs/2026-02.ndjson.gz", 3 * GIB + 17),
        ("checkpoints/model.safetensors", 8 * GIB),
    ] {
        maker.big(bucket, key, size);
    }
    maker.attach(bucket, "genome/sample-0001.bam", |attached| {
        let headers = &mut attached.headers;
        headers.insert(
            "cache-control".to_owned(),
            "private, max-age=3600".to_owned(),
        );
        headers.insert(
            "content-disposition".to_owned(),
            "attachment; filename=\"sample-0001.bam\"".to_owned(),
        );
        headers.insert("content-language".to_owned(), "en".to_owned());
        attached
            .metadata
            .insert("sequencer".to_owned(), "Example 9000".to_owned());
        attached
            .metadata
            .insert("consent".to_owned(), "research-only".to_owned());
        attached.tags = vec![
            ("project".to_owned(), "demo".to_owned()),
            ("owner".to_owned(), "lab 4".to_owned()),
        ];
    });
    let cool = match maker.provider {
        Provider::Cos | Provider::S3 => "STANDARD_IA",
        Provider::Obs => "WARM",
    };
    maker.attach(bucket, "checkpoints/model.safetensors", |attached| {
        cool.clone_into(&mut attached.class);
    });
}

fn archive(maker: &mut Maker<'_>) {
    let bucket = "archive";
    maker.real(
        bucket,
        "readme.txt",
        "text/plain",
        "Cold things rest here.\n",
    );
    maker.big(bucket, "2019/ledger.tar", 2 * GIB);
    let cold = match maker.provider {
        Provider::Cos => "ARCHIVE",
        Provider::Obs => "COLD",
        Provider::S3 => "GLACIER",
    };
    maker.attach(bucket, "2019/ledger.tar", |attached| {
        cold.clone_into(&mut attached.class);
    });
}

fn versions(maker: &mut Maker<'_>) {
    let bucket = "versions";
    maker.bucket(bucket).versioning = Versioning::Enabled;
    let text = "text/plain; charset=utf-8";
    for draft in [
        "First draft.\n",
        "Second draft.\n",
        "Third draft, with more words.\n",
    ] {
        maker.real(bucket, "report.txt", text, draft);
    }
    maker.real(bucket, "minutes.txt", text, "Nobody came.\n");
    maker.delete_marker(bucket, "minutes.txt");
    maker.real(bucket, "phoenix.txt", text, "Before.\n");
    maker.delete_marker(bucket, "phoenix.txt");
    maker.real(bucket, "phoenix.txt", text, "After.\n");
    maker.big(bucket, "big.bin", 200 * MIB);
    maker.big(bucket, "big.bin", 300 * MIB);
}

fn orphans(maker: &mut Maker<'_>) {
    let bucket = "orphans";
    maker.real(
        bucket,
        "readme.txt",
        "text/plain",
        "Seven uploads were begun here and left.\n",
    );
    for (key, parts, part_size, hours) in [
        ("backup/monday.tar", 12, 64 * MIB, 1),
        ("backup/monday.tar", 3, 64 * MIB, 30),
        ("backup/tuesday.tar", 0, 0, 2),
        ("video/raw take 1.mov", 40, 256 * MIB, 24 * 7),
        ("video/raw take 2.mov", 1, 5 * MIB, 24 * 20),
        ("数据/导出.csv", 5, 16 * MIB, 24 * 90),
        ("lost+found?.bin", 2, 128 * MIB, 24 * 400),
    ] {
        maker.upload(bucket, key, parts, part_size, hours * HOUR);
    }
}

fn no_access(maker: &mut Maker<'_>) {
    let bucket = "no-access";
    maker.real(
        bucket,
        "secret.txt",
        "text/plain",
        "Nobody can read this.\n",
    );
    maker.bucket(bucket).closed = true;
}

fn far(maker: &mut Maker<'_>) {
    let bucket = "far";
    maker.real(
        bucket,
        "postcard.txt",
        "text/plain",
        "Greetings from another region.\n",
    );
    maker.big(bucket, "travel/film.mkv", 700 * MIB + 3 * KIB);
    far_region(maker.provider).clone_into(&mut maker.bucket(bucket).region);
}
