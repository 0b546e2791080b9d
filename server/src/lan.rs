//! A certificate authority for trying the server out in a local network, and certificates of it.
//!
//! A phone that trusts an authority believes it of every address, unless the authority's own
//! certificate says otherwise. This one's does, critically: it can vouch for private addresses and
//! `localhost`, and for nothing else.

use std::fs;
use std::io::ErrorKind;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::path::Path;

use anyhow::{Context as _, bail};
use chrono::{DateTime, Datelike as _, Days, Months, NaiveDate};
use data_encoding::{HEXLOWER, HEXUPPER};
use rcgen::{
    BasicConstraints, CertificateParams, CidrSubnet, DnType, ExtendedKeyUsagePurpose,
    GeneralSubtree, IsCa, Issuer, KeyPair, KeyUsagePurpose, NameConstraints, SanType,
};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use sha2::{Digest as _, Sha256};

use crate::keys::write_durably;

/// What the authority may vouch for: the private, link-local and loopback ranges.
const NETWORKS: [(IpAddr, u8); 8] = [
    (IpAddr::V4(Ipv4Addr::new(10, 0, 0, 0)), 8),
    (IpAddr::V4(Ipv4Addr::new(172, 16, 0, 0)), 12),
    (IpAddr::V4(Ipv4Addr::new(192, 168, 0, 0)), 16),
    (IpAddr::V4(Ipv4Addr::new(169, 254, 0, 0)), 16),
    (IpAddr::V4(Ipv4Addr::new(127, 0, 0, 0)), 8),
    (IpAddr::V6(Ipv6Addr::new(0xfc00, 0, 0, 0, 0, 0, 0, 0)), 7),
    (IpAddr::V6(Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 0)), 10),
    (IpAddr::V6(Ipv6Addr::LOCALHOST), 128),
];

const LOCALHOST: &str = "localhost";
/// Phones refuse certificates of servers that are good for years.
const SERVER_DAYS: u64 = 90;
const AUTHORITY_MONTHS: u32 = 120;

/// What lies in the folder now.
#[derive(Debug)]
pub struct Made {
    /// SHA-256 of the authority's certificate, as phones show it.
    pub fingerprint: String,
    /// The authority was made just now; else it is the one from before.
    pub is_new: bool,
    /// The last day of the server's certificate.
    pub until: NaiveDate,
}

/// Makes an authority unless the folder holds one (`ca.crt`, `ca.key`), and a fresh certificate of
/// it for an address, `127.0.0.1`, `::1` and `localhost` (`server.crt`, `server.key`).
///
/// # Errors
/// When the address is a public one, or the folder cannot be used; it says what to do.
pub fn make(folder: &Path, host: IpAddr, now_ms: i64) -> anyhow::Result<Made> {
    if !NETWORKS.iter().any(|network| holds(*network, host)) {
        bail!(
            "--host: {host} is not a private address, and the authority can vouch for no other. Give \
             the address of this machine in the local network; for a public one take a certificate \
             of a public authority (docs/SERVER.md)"
        );
    }
    let today = DateTime::from_timestamp_millis(now_ms).context("the clock is out of range")?;
    let today = today.date_naive();
    make_private(folder)
        .with_context(|| format!("--out: cannot make the folder {}", folder.display()))?;
    let (authority, certificate, is_new) = authority(folder, today)?;
    let until = today.checked_add_days(Days::new(SERVER_DAYS)).context("the clock is too late")?;
    let key = KeyPair::generate().context("cannot make the server's key")?;
    let server = server_params(host, today, until)?.signed_by(&key, &authority);
    let server = server.context("cannot sign the server's certificate")?;
    keep(folder, "server.key", &key.serialize_pem())?;
    keep(folder, "server.crt", &server.pem())?;
    Ok(Made { fingerprint: fingerprint(&certificate), is_new, until })
}

/// What a person reads who made it.
pub fn told(folder: &Path, host: IpAddr, made: &Made) -> String {
    let Made { fingerprint, is_new, until } = made;
    let state = if *is_new { "made now" } else { "kept from before" };
    let folder = folder.display();
    format!(
        "Authority: {folder}/ca.crt ({state}); it can vouch for private addresses only.\n\
         Its SHA-256 fingerprint, to be compared on each device before it is trusted:\n  \
         {fingerprint}\n\
         Certificate: {folder}/server.crt for {host}, until {until}."
    )
}

/// The authority in the folder, or a fresh one.
fn authority(
    folder: &Path,
    today: NaiveDate,
) -> anyhow::Result<(Issuer<'static, KeyPair>, CertificateDer<'static>, bool)> {
    let (key_path, certificate_path) = (folder.join("ca.key"), folder.join("ca.crt"));
    let remedy = || {
        format!(
            "put the right ca.crt and ca.key back into {}, or remove both: a new authority is made \
             then, and phones have to trust it anew",
            folder.display()
        )
    };
    let known = match (read(&key_path)?, read(&certificate_path)?) {
        (Some(key), Some(certificate)) => Some((key, certificate)),
        // Interrupted before phones could have seen its certificate, or never there.
        (_, None) => None,
        (None, Some(_)) => bail!("{}: it is missing. {}", key_path.display(), remedy()),
    };
    if let Some((key, certificate)) = known {
        let key = KeyPair::from_pem(&key)
            .with_context(|| format!("{}: it is no key. {}", key_path.display(), remedy()))?;
        let certificate = CertificateDer::from_pem_slice(certificate.as_bytes()).ok();
        // A certificate holds its public key as it is, so a pair can be told without reading more.
        let pair = certificate.filter(|it| {
            let raw = key.public_key_raw();
            it.windows(raw.len()).any(|window| window == raw)
        });
        let Some(certificate) = pair else {
            bail!("{}: it does not belong to ca.key. {}", certificate_path.display(), remedy());
        };
        return Ok((Issuer::new(authority_params(&key, today)?, key), certificate, false));
    }
    let key = KeyPair::generate().context("cannot make the authority's key")?;
    let params = authority_params(&key, today)?;
    let certificate = params.self_signed(&key).context("cannot make the authority")?;
    keep(folder, "ca.key", &key.serialize_pem())?;
    keep(folder, "ca.crt", &certificate.pem())?;
    Ok((Issuer::new(params, key), certificate.der().clone(), true))
}

/// The same for the same key, but for the dates, which only the certificate itself needs.
fn authority_params(key: &KeyPair, today: NaiveDate) -> anyhow::Result<CertificateParams> {
    let mut params = CertificateParams::default();
    let short = HEXLOWER.encode(&Sha256::digest(key.public_key_raw())[..4]);
    params.distinguished_name.push(DnType::OrganizationName, "Spotcheck");
    // Two authorities of one name would be mixed up by some.
    params.distinguished_name.push(DnType::CommonName, format!("Spotcheck local network {short}"));
    let until = today.checked_add_months(Months::new(AUTHORITY_MONTHS));
    valid(&mut params, today, until.context("the clock is too late")?)?;
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    let networks = NETWORKS.iter().map(|(address, bits)| {
        GeneralSubtree::IpAddress(CidrSubnet::from_addr_prefix(*address, *bits))
    });
    // Without a name in the list every name would be permitted.
    let names = std::iter::once(GeneralSubtree::DnsName(LOCALHOST.to_owned()));
    params.name_constraints = Some(NameConstraints {
        permitted_subtrees: names.chain(networks).collect(),
        excluded_subtrees: vec![],
    });
    Ok(params)
}

fn server_params(
    host: IpAddr,
    today: NaiveDate,
    until: NaiveDate,
) -> anyhow::Result<CertificateParams> {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, "Spotcheck server");
    valid(&mut params, today, until)?;
    params.is_ca = IsCa::ExplicitNoCa;
    params.use_authority_key_identifier_extension = true;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    let mut addresses = vec![host, Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()];
    addresses.dedup();
    params.subject_alt_names = addresses.into_iter().map(SanType::IpAddress).collect();
    params.subject_alt_names.push(SanType::DnsName(LOCALHOST.try_into()?));
    Ok(params)
}

/// From the day before, for devices whose clock is slow.
fn valid(params: &mut CertificateParams, from: NaiveDate, until: NaiveDate) -> anyhow::Result<()> {
    let day = |day: NaiveDate| {
        anyhow::Ok(rcgen::date_time_ymd(
            day.year(),
            u8::try_from(day.month())?,
            u8::try_from(day.day())?,
        ))
    };
    params.not_before = day(from.pred_opt().unwrap_or(from))?;
    params.not_after = day(until)?;
    Ok(())
}

fn holds((network, bits): (IpAddr, u8), address: IpAddr) -> bool {
    let shifted = match (network, address) {
        (IpAddr::V4(a), IpAddr::V4(b)) => {
            (a.to_bits() ^ b.to_bits()).checked_shr(32 - u32::from(bits)).unwrap_or(0).into()
        }
        (IpAddr::V6(a), IpAddr::V6(b)) => (a.to_bits() ^ b.to_bits()) >> (128 - u32::from(bits)),
        _ => 1_u128,
    };
    shifted == 0
}

fn fingerprint(certificate: &CertificateDer<'_>) -> String {
    let pairs = Sha256::digest(certificate)
        .iter()
        .map(|byte| HEXUPPER.encode(&[*byte]))
        .collect::<Vec<_>>();
    pairs.join(":")
}

fn read(path: &Path) -> anyhow::Result<Option<String>> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("cannot read {}", path.display())),
    }
}

fn keep(folder: &Path, name: &str, pem: &str) -> anyhow::Result<()> {
    let path = folder.join(name);
    write_durably(&path, pem.as_bytes()).with_context(|| format!("cannot write {}", path.display()))
}

fn make_private(folder: &Path) -> std::io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

#[cfg(test)]
mod tests;
