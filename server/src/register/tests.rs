use super::*;

fn site(code: &str) -> Site {
    Site {
        code: code.to_owned(),
        parent: None,
        kind: "other".to_owned(),
        zh: format!("场所{code}"),
        en: format!("场所{code}"),
        district: None,
        organisation: String::new(),
    }
}

#[test]
fn a_table_is_read_whatever_the_order_of_its_columns_and_the_rest_has_defaults() {
    let table = "\u{feff}zh,CODE,kind,parent,district,org,en\r\n\
                 南山市场, NS-1 ,wholesale_market,,南山区,SN,Nanshan Market\r\n\
                 \"一号门, 东\",NS-1-G1,gate,NS-1,,,\r\n";
    let sites = read(table.as_bytes()).unwrap();
    let market = Site {
        code: "NS-1".to_owned(),
        parent: None,
        kind: "wholesale_market".to_owned(),
        zh: "南山市场".to_owned(),
        en: "Nanshan Market".to_owned(),
        district: Some("南山区".to_owned()),
        organisation: "SN".to_owned(),
    };
    let gate = Site {
        parent: Some("NS-1".to_owned()),
        kind: "gate".to_owned(),
        zh: "一号门, 东".to_owned(),
        en: "一号门, 东".to_owned(),
        ..site("NS-1-G1")
    };
    assert_eq!(sites, [market, gate]);
    assert_eq!(
        read(b"code,zh\nA,B\n").unwrap(),
        [Site { zh: "B".to_owned(), en: "B".to_owned(), ..site("A") }]
    );
}

#[test]
fn a_faulty_table_is_refused_whole_with_each_line_and_its_remedy() {
    let said = |table: &str| read(table.as_bytes()).unwrap_err().to_string();
    assert_eq!(
        said("code,zh,kind,parent\nA,甲,other,\na,乙,Cold Store,\n,丙,,X\nB,,,A\n"),
        "line 3, code: a stands in line 2 already\n\
         line 3, kind: \"Cold Store\": write it in a-z and _, such as cold_store\n\
         line 4, code: must not be empty\n\
         line 5, zh: must not be empty\n\
         line 4, parent: X is no code of this table"
    );
    assert!(said("code,name\nA,B\n").contains("no column \"name\""));
    assert!(said("code,en\nA,B\n").contains("column zh is missing"));
    assert!(said("code,zh,code\nA,B,C\n").contains("two columns"));
    assert!(said("code,zh\n").contains("no line below"));
    assert!(said("").contains("column code is missing"));
    assert!(said("code,zh\nA,B,C\n").contains("line: 2"), "{}", said("code,zh\nA,B,C\n"));
    assert!(said(&format!("code,zh\n{},x\n", "A".repeat(129))).contains("128 letters"));
    assert!(said("code,zh\nA,\"a\nb\"\n").contains("line break"));
    assert!(read(b"code,zh\nA,\xc4\xcf\n").unwrap_err().to_string().contains("UTF-8"));
    let many: String = (0..50).map(|n| format!("{n},\n")).collect();
    let many = said(&format!("code,zh\n{many}"));
    assert!(many.ends_with("mend these first") && many.lines().count() == 21, "{many}");
}

#[test]
fn a_site_more_changes_one_page_and_equal_registers_are_equal_bytes() {
    let mut sites: Vec<Site> = (0..20_000).map(|n| site(&format!("S-{n:06}"))).collect();
    let before = pages(&sites);
    assert!((10..40).contains(&before.len()), "{} pages", before.len());
    sites.reverse();
    assert_eq!(pages(&sites), before);
    sites.push(site("S-010000-A"));
    let after = pages(&sites);
    let fresh = after.iter().filter(|page| !before.contains(page)).count();
    // Where the new one ends a page, there are two.
    assert!((1..=2).contains(&fresh), "{fresh} pages are new");
    let read: Vec<serde_json::Value> = serde_json::from_slice(&after[0]).unwrap();
    assert_eq!(read[0]["code"], "S-000000");
    assert_eq!(pages(&[]), [b"[]".to_vec()]);
}
