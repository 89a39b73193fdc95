"""The named people of the demo town. All invented; one password for all, shown at the start. No Django here."""

from dataclasses import dataclass

PASSWORD = "nancheng-demo"  # noqa: S105 - shown to everybody who starts the demo town


@dataclass(frozen=True)
class Named:
    """One person one can log in as. `area` is a division's name, blank for the whole town."""

    username: str
    name: str
    role: str
    unit: str
    area: str = ""
    duty: str = ""


NAMED: tuple[Named, ...] = (
    Named("wangfang", "王芳", "desk_operator", "desk"),
    Named("mali", "马丽", "desk_operator", "desk"),
    Named("lina", "李娜", "unit_handler", "works"),
    Named("qianjun", "钱军", "unit_handler", "works"),
    Named("zhaoqiang", "赵强", "unit_handler", "order"),
    Named("chenjing", "陈静", "community_officer", "community-2", "中山社区"),
    Named("zhangmin", "张敏", "grid_worker", "community-2", "中山社区第一网格", "full_time"),
    Named("liuyang", "刘洋", "grid_worker", "community-2", "中山社区第一网格", "part_time"),
    Named("zhengkai", "郑凯", "grid_worker", "community-13", "张楼社区第一网格", "full_time"),
    Named("zhouwei", "周伟", "leader", "office"),
    Named("sunli", "孙丽", "inspector", "discipline"),
    Named("wugang", "吴刚", "administrator", "office"),
)

ROLE_WORDS = {
    "desk_operator": "受理派遣员 desk operator",
    "unit_handler": "责任单位经办人 unit handler",
    "community_officer": "社区干部 community officer",
    "grid_worker": "网格员 grid worker",
    "leader": "领导 leader",
    "inspector": "纪检监督员 inspector",
    "administrator": "系统管理员 administrator",
}

_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
_GIVEN = (
    "秀英", "桂兰", "建国", "淑珍", "志强", "丽娟", "海燕", "文杰", "红梅", "晓东", "玉兰", "立新",
    "春花", "国庆", "小红", "永刚", "雪梅", "金凤", "学文", "爱华", "凤英", "俊杰", "秋月", "宏伟",
    "美玲", "长海", "素芳", "振华", "明霞", "德胜", "翠萍", "家豪", "静怡", "浩然", "子涵", "思远",
)  # fmt: skip


def invented_name(place: int) -> str:
    """Return the invented name with this number; numbers below 1,400 give different names."""
    return _SURNAMES[place % len(_SURNAMES)] + _GIVEN[place // len(_SURNAMES) % len(_GIVEN)]
