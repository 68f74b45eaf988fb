"""Names of personal members are found in any spelling, and none of the contract's own names is taken for one."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

import pytest
from pydantic import BaseModel

from services.intake.admission.personal import find_personal, is_personal
from shared.contract import dossier, surroundings
from shared.contract.envelope import Data, Envelope


@pytest.mark.parametrize(
    "name",
    [
        "ChuHoSo",
        "chu_ho_so",
        "Chủ hồ sơ",
        "SoDinhDanh",
        "Số định danh cá nhân",
        "hoTen",
        "HỌ VÀ TÊN",
        "ho-ten-nguoi-nop",
        "ten",
        "soDienThoai",
        "SĐT",
        "Điện thoại",
        "email",
        "E-Mail",
        "applicantEmail",
        "diaChi",
        "Địa chỉ thường trú",
        "address",
        "CMND",
        "soCCCD",
        "Căn cước công dân",
        "identityNumber",
        "identity_no",
        "passportNo",
        "phone_number",
        "fullName",
        "applicant",
        "name",
        "dob",
        "ngàySinh",
        "giới tính",
        "taxCode",
    ],
)
def test_personal_names_are_known_in_any_spelling(name: str) -> None:
    assert is_personal(name)
    # Decomposed letters are the same letters.
    assert is_personal(unicodedata.normalize("NFD", name))


def _models() -> Iterator[type[BaseModel]]:
    for module in (dossier, surroundings):
        for value in vars(module).values():
            if isinstance(value, type) and issubclass(value, Data):
                yield value


def test_no_name_of_the_contract_is_personal() -> None:
    names = {name for model in _models() for name in model.model_fields} | set(Envelope.model_fields)
    assert len(names) > 25
    assert {name for name in names if is_personal(name)} == set()


def test_personal_members_are_found_at_any_depth() -> None:
    entry = {"data": {"unit": "x", "extra": [{"a": 1}, {"Email": "a@b"}]}, "hoTen": {"ten": 1}}
    assert list(find_personal(entry)) == ["data.extra[1].Email", "hoTen"]
