"""What the fictitious provinces have in common: departments and procedures, the same for every seed.

Knows no clock and no entries. No province bears the code H99, no procedure begins with 9; every name says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

__all__ = ["DEPARTMENTS", "MINUTES_A_DAY", "PROCEDURES", "PROVINCE", "Department", "Procedure", "term_minutes"]

PROVINCE: Final = "H99"
#: Working minutes of a working day.
MINUTES_A_DAY: Final = 480

Kind = Literal["department", "commune"]


@dataclass(frozen=True, slots=True)
class Department:
    """A department of a simulated province; `weight` is its share of the departments' dossiers."""

    code: str
    name: str
    weight: float


@dataclass(frozen=True, slots=True)
class Procedure:
    """A procedure: who handles it, its committed term in working days or, where `hours` is set, in working hours."""

    code: str
    name: str
    kind: Kind
    department: str | None
    days: int
    hours: int = 0
    fee: int = 0
    weight: float = 1.0
    online: float = 0.6
    other: str | None = None  # the department that takes part in an inter-agency procedure


_DEPARTMENTS: Final = (
    ("Nội vụ", 0.7),
    ("Tư pháp", 1.1),
    ("Tài chính", 1.3),
    ("Công Thương", 0.8),
    ("Xây dựng", 1.6),
    ("Nông nghiệp và Môi trường", 2.6),
    ("Khoa học và Công nghệ", 0.5),
    ("Giáo dục và Đào tạo", 0.8),
    ("Y tế", 1.0),
    ("Văn hóa, Thể thao và Du lịch", 0.6),
    ("Dân tộc và Tôn giáo", 0.3),
    ("Ban Quản lý Khu kinh tế", 0.5),
)

DEPARTMENTS: Final = tuple(
    Department(f"{PROVINCE}.{number:02d}", f"Sở {name}" if not name.startswith("Ban") else name, weight)
    for number, (name, weight) in enumerate(_DEPARTMENTS, 1)
)

# Name, term in working days, fee in VND, weight, index of another department that takes part (or None).
_BY_DEPARTMENT: Final[tuple[tuple[tuple[str, int, int, float, int | None], ...], ...]] = (
    (
        ("Cấp giấy phép lập hội", 20, 0, 0.4, 2),
        ("Tặng thưởng cấp tỉnh", 15, 0, 0.8, None),
        ("Cấp giấy phép lao động", 5, 600_000, 1.4, None),
    ),
    (
        ("Cấp phiếu lý lịch tư pháp", 8, 200_000, 2.5, None),
        ("Đăng ký hành nghề công chứng", 10, 500_000, 0.4, None),
        ("Thôi quốc tịch", 25, 2_500_000, 0.2, 0),
    ),
    (
        ("Đăng ký thành lập doanh nghiệp", 3, 50_000, 3.0, None),
        ("Thay đổi nội dung đăng ký doanh nghiệp", 3, 50_000, 2.5, None),
        ("Chấp thuận chủ trương đầu tư", 25, 0, 0.3, 5),
    ),
    (
        ("Cấp phép bán buôn rượu", 10, 1_200_000, 0.6, None),
        ("Thông báo khuyến mại", 5, 0, 2.0, None),
        ("Cấp phép hoạt động điện lực", 15, 800_000, 0.4, None),
    ),
    (
        ("Cấp giấy phép xây dựng", 15, 150_000, 2.0, 5),
        ("Cấp chứng chỉ hành nghề xây dựng", 14, 300_000, 1.5, None),
        ("Cấp đổi giấy phép lái xe", 5, 135_000, 3.5, None),
    ),
    (
        ("Cấp giấy chứng nhận quyền sử dụng đất lần đầu", 20, 100_000, 1.5, 2),
        ("Đăng ký biến động đất đai", 10, 80_000, 3.5, None),
        ("Cấp giấy phép môi trường", 30, 0, 0.4, 4),
    ),
    (
        ("Cấp phép sử dụng thiết bị bức xạ", 15, 200_000, 0.8, None),
        ("Đăng ký hợp đồng chuyển giao công nghệ", 5, 0, 0.5, None),
        ("Cấp phép bưu chính", 10, 0, 0.5, None),
    ),
    (
        ("Cấp bản sao văn bằng từ sổ gốc", 1, 0, 3.0, None),
        ("Cho phép trung tâm ngoại ngữ hoạt động", 15, 0, 0.6, None),
        ("Công nhận văn bằng nước ngoài", 20, 500_000, 0.5, None),
    ),
    (
        ("Cấp chứng chỉ hành nghề khám chữa bệnh", 20, 360_000, 1.2, None),
        ("Công bố đủ điều kiện mua bán thiết bị y tế", 3, 0, 1.5, None),
        ("Cấp giấy chứng nhận an toàn thực phẩm", 15, 700_000, 1.3, 3),
    ),
    (
        ("Cấp giấy phép tổ chức biểu diễn", 5, 0, 1.4, None),
        ("Cấp thẻ hướng dẫn viên du lịch", 10, 650_000, 1.2, None),
        ("Xếp hạng di tích", 30, 0, 0.2, None),
    ),
    (
        ("Đăng ký hoạt động tôn giáo", 20, 0, 0.6, 0),
        ("Thông báo danh mục hoạt động tôn giáo", 5, 0, 1.0, None),
        ("Công nhận người có uy tín", 10, 0, 0.5, None),
    ),
    (
        ("Cấp giấy chứng nhận đăng ký đầu tư", 15, 0, 1.0, 2),
        ("Điều chỉnh giấy chứng nhận đầu tư", 10, 0, 1.2, None),
        ("Cấp phép xây dựng trong khu kinh tế", 15, 150_000, 0.8, None),
    ),
)

# Name, term in working days (0 = the hours that follow), hours, fee, weight.
_OF_COMMUNES: Final = (
    ("Chứng thực bản sao từ bản chính", 0, 4, 2_000, 6.0),
    ("Chứng thực chữ ký", 0, 4, 10_000, 3.0),
    ("Chứng thực hợp đồng, giao dịch", 2, 0, 50_000, 1.0),
    ("Đăng ký khai sinh", 1, 0, 0, 3.0),
    ("Đăng ký khai tử", 1, 0, 0, 1.2),
    ("Đăng ký kết hôn", 1, 0, 0, 1.0),
    ("Cấp giấy xác nhận tình trạng hôn nhân", 3, 0, 0, 2.0),
    ("Đăng ký lại khai sinh", 5, 0, 0, 0.6),
    ("Thay đổi, cải chính hộ tịch", 3, 0, 0, 0.8),
    ("Cấp bản sao trích lục hộ tịch", 1, 0, 8_000, 2.5),
    ("Liên thông khai sinh, thẻ bảo hiểm y tế", 4, 0, 0, 1.5),
    ("Liên thông khai tử, mai táng phí", 6, 0, 0, 0.7),
    ("Trợ cấp xã hội hằng tháng", 10, 0, 0, 1.2),
    ("Hỗ trợ chi phí mai táng", 5, 0, 0, 0.7),
    ("Công nhận hộ nghèo, cận nghèo", 15, 0, 0, 0.5),
    ("Đăng ký hộ kinh doanh", 3, 0, 100_000, 1.6),
    ("Cấp phép xây dựng nhà ở riêng lẻ", 12, 0, 75_000, 1.1),
    ("Đăng ký đất đai lần đầu", 15, 0, 100_000, 0.9),
    ("Chuyển mục đích sử dụng đất", 15, 0, 0, 0.6),
    ("Hòa giải tranh chấp đất đai", 20, 0, 0, 0.3),
    ("Xác nhận hoạt động vay vốn", 1, 0, 0, 0.6),
    ("Đăng ký nhận nuôi con nuôi", 20, 0, 0, 0.1),
    ("Cấp phép bán lẻ rượu", 7, 0, 200_000, 0.3),
    ("Tuyển sinh mầm non", 5, 0, 0, 0.5),
)


def _procedures() -> tuple[Procedure, ...]:
    made = []
    for index, (department, group) in enumerate(zip(DEPARTMENTS, _BY_DEPARTMENT, strict=True)):
        for number, (name, days, fee, weight, other) in enumerate(group, 1):
            made.append(
                Procedure(
                    code=f"9.{index + 1:03d}{number:03d}",
                    name=name,
                    kind="department",
                    department=department.code,
                    days=days,
                    fee=fee,
                    weight=weight,
                    online=0.72,
                    other=None if other is None else DEPARTMENTS[other].code,
                )
            )
    for number, (name, days, hours, fee, weight) in enumerate(_OF_COMMUNES, 1):
        made.append(
            Procedure(f"9.900{number:03d}", name, "commune", None, days, hours, fee, weight, 0.3 if hours else 0.6)
        )
    return tuple(made)


#: 60 procedures: three of each department, 24 of the communes.
PROCEDURES: Final = _procedures()


def term_minutes(procedure: Procedure) -> int:
    """The committed term in working minutes."""
    return procedure.hours * 60 or procedure.days * MINUTES_A_DAY
