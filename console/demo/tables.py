"""What the two venues are like: a house in Shanghai, told in Chinese, and one in New York, in English."""

from console.demo.places import WEEKDAYS, WEEKEND, Place, annual

SHANGHAI = Place(
    slug="shanghai",
    fields={
        "name": "梧桐里 · 静安",
        "timezone": "Asia/Shanghai",
        "address": "上海市静安区愚园路 218 弄 6 号",
        "latitude": "31.223900",
        "longitude": "121.438400",
        "phone": "021 5555 0118",
        "notice": "请从愚园路一侧的红砖门进入，前台在二楼。访客车辆请提前一天登记车牌。",
        "holidays": "CN",
        "closed_on_holidays": True,
    },
    hours=((WEEKDAYS, 480, 1320), (WEEKEND, 540, 1260)),
    policies={
        "会议室标准规则": {"min_minutes": 30, "max_minutes": 480, "turnaround_minutes": 15, "max_notice_days": 90},
        "大厅规则": {"min_minutes": 60, "max_minutes": 720, "turnaround_minutes": 30, "step_minutes": 30},
        "工位规则": {"min_minutes": 60, "max_minutes": 840, "step_minutes": 30, "quota_minutes": 3000},
    },
    tiers={
        "会议室标准规则": ((24, 0), (2, 50)),
        "大厅规则": ((168, 0), (48, 30), (24, 70)),
        "工位规则": ((2, 0),),
    },
    rooms=(
        {
            "name": "梧桐厅",
            "policy": "大厅规则",
            "seats": 60,
            "equipment": ["投影", "音响", "麦克风", "讲台"],
            "description": "整层大厅，可一分为二。",
            "day_cap_fen": 480000,
        },
        {
            "name": "梧桐厅 A",
            "policy": "大厅规则",
            "seats": 30,
            "equipment": ["投影", "白板"],
            "description": "大厅东侧，落地窗。",
        },
        {
            "name": "梧桐厅 B",
            "policy": "大厅规则",
            "seats": 30,
            "equipment": ["投影", "白板"],
            "description": "大厅西侧，靠近茶水间。",
        },
        {
            "name": "银杏会议室",
            "policy": "会议室标准规则",
            "seats": 10,
            "equipment": ["视频会议", "白板", "投影"],
            "description": "安静的临院会议室。",
        },
        {
            "name": "玉兰会议室",
            "policy": "会议室标准规则",
            "seats": 6,
            "equipment": ["电视", "白板"],
            "description": "适合六人以内的讨论。",
        },
        {
            "name": "开放工位",
            "policy": "工位规则",
            "seats": 1,
            "units": 12,
            "equipment": ["显示器", "储物柜"],
            "description": "十二个固定编号的工位，按小时或按天。",
            "day_cap_fen": 12000,
        },
    ),
    parts={"梧桐厅": ("梧桐厅 A", "梧桐厅 B")},
    prices=(
        {"name": "工作日日间", "weekdays": WEEKDAYS, "hour_fen": 18000},
        {"name": "工作日晚间", "weekdays": WEEKDAYS, "from_minute": 1080, "hour_fen": 12000, "priority": 5},
        {"name": "周末", "weekdays": WEEKEND, "hour_fen": 15000},
        {"name": "驻场会员价", "plan_code": "resident", "hour_fen": 9000, "priority": 8},
        {"name": "大厅", "room": "梧桐厅", "hour_fen": 68000, "priority": 10},
        {"name": "半厅", "room": "梧桐厅 A", "hour_fen": 38000, "priority": 10},
        {"name": "半厅", "room": "梧桐厅 B", "hour_fen": 36000, "priority": 10},
        {"name": "工位", "room": "开放工位", "hour_fen": 2000, "priority": 10},
    ),
    closures=(
        {**annual(12, 31, 31), "from_minute": 1080, "message": "跨年夜提前打烊"},
        {**annual(8, 15, 15), "room": "梧桐厅", "message": "大厅年度设备检修"},
    ),
)

NEW_YORK = Place(
    slug="new-york",
    fields={
        "name": "Atrium Hudson",
        "timezone": "America/New_York",
        "address": "410 W 24th Street, New York, NY 10011",
        "latitude": "40.747300",
        "longitude": "-74.002600",
        "phone": "+1 212 555 0199",
        "notice": "Ring the bell marked Atrium; the lift goes straight to the fourth floor.",
        "holidays": "US",
        "closed_on_holidays": False,
    },
    hours=((WEEKDAYS, 480, 1260), (WEEKEND, 600, 1080)),
    policies={
        "Standard": {"min_minutes": 30, "max_minutes": 480, "turnaround_minutes": 0, "max_notice_days": 120},
        "Boardroom": {"min_minutes": 60, "max_minutes": 600, "turnaround_minutes": 30, "needs_approval": True},
        "Studio": {"min_minutes": 60, "max_minutes": 360, "turnaround_minutes": 15, "min_notice_minutes": 60},
    },
    tiers={"Standard": ((24, 0), (4, 50)), "Boardroom": ((72, 0), (24, 50)), "Studio": ((12, 0),)},
    rooms=(
        {
            "name": "Hudson Boardroom",
            "policy": "Boardroom",
            "seats": 16,
            "equipment": ["video wall", "conference phone", "whiteboard"],
            "description": "River view; every booking is approved by the venue.",
            "day_cap_fen": 300000,
        },
        {
            "name": "Chelsea",
            "policy": "Standard",
            "seats": 8,
            "equipment": ["screen", "whiteboard"],
            "description": "A corner room with morning light.",
        },
        {
            "name": "Tribeca",
            "policy": "Standard",
            "seats": 4,
            "equipment": ["screen"],
            "description": "Small and quiet.",
        },
        {
            "name": "Podcast Studio",
            "policy": "Studio",
            "seats": 3,
            "equipment": ["microphones", "mixing desk"],
            "description": "Sound-proofed; open day and night.",
            "hours": ((WEEKDAYS + WEEKEND, 0, 1440),),
        },
    ),
    prices=(
        {"name": "Weekday", "weekdays": WEEKDAYS, "hour_fen": 24000},
        {"name": "Weekday evening", "weekdays": WEEKDAYS, "from_minute": 1080, "hour_fen": 16000, "priority": 5},
        {"name": "Weekend", "weekdays": WEEKEND, "hour_fen": 18000},
        {"name": "Flow members", "plan_code": "flow", "hour_fen": 15000, "priority": 8},
        {"name": "Boardroom", "room": "Hudson Boardroom", "hour_fen": 52000, "priority": 10},
        {"name": "Studio", "room": "Podcast Studio", "hour_fen": 30000, "priority": 10},
        {"name": "Studio at night", "room": "Podcast Studio", "to_minute": 420, "hour_fen": 20000, "priority": 12},
    ),
    closures=(
        {**annual(12, 25, 25), "message": "Closed for Christmas Day"},
        {**annual(7, 4, 4), "message": "Closed for Independence Day"},
    ),
)

PLACES = (SHANGHAI, NEW_YORK)

CAMPUS = Place(
    slug="campus",
    fields={
        "name": "云谷园区",
        "timezone": "Asia/Shanghai",
        "address": "深圳市南山区科苑路 100 号",
        "notice": "为性能测试准备的大型园区。",
        "holidays": "CN",
    },
    hours=((WEEKDAYS + WEEKEND, 480, 1320),),
    policies={"电话间规则": {"min_minutes": 15, "max_minutes": 60}},
    tiers={"电话间规则": ((2, 0),)},
    rooms=tuple(
        {"name": f"{floor} 层电话间", "policy": "电话间规则", "seats": 1, "units": 60, "equipment": ["隔音"]}
        for floor in range(1, 9)
    ),
    prices=({"name": "电话间", "hour_fen": 1500},),
    closures=(),
)
"""Eight pools of sixty phone booths: room for a million bookings within a year. Only for large data."""
