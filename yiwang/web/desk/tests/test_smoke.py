from tests.town.small import Town


def test_pages_open(town: Town, as_):
    case = town.handling()
    b = as_(town.wang_fang)
    for u in ["/desk/", "/desk/?queue=handling", f"/cases/{case.number}/", "/desk/new/", "/desk/map/"]:
        r = b.get(u)
        assert r.status_code == 200, u
    assert as_(town.li_na).get("/unit/").status_code == 200
