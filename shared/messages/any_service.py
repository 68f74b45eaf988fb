"""Problems that any of the services may answer with."""

from __future__ import annotations

from typing import Final

from shared.messages.base import Message, Text

__all__ = ["MESSAGES"]

MESSAGES: Final[dict[str, Message]] = {
    "internal": Message(
        Text("Lỗi trong hệ thống", "Error inside the system"),
        Text(
            "Hệ thống gặp lỗi ngoài dự kiến khi xử lý yêu cầu này.",
            "The system met an unexpected error while handling this request.",
        ),
        Text(
            "Gửi lại sau; nếu vẫn lỗi, báo cho đơn vị vận hành kèm mã yêu cầu trong `instance`.",
            "Try again later; if it persists, give the operators the request id in `instance`.",
        ),
    ),
    "no_such_path": Message(
        Text("Không có địa chỉ này", "No such address"),
        Text("Dịch vụ này không có địa chỉ {value}.", "This service has no address {value}."),
        Text("Xem các địa chỉ tại /docs hoặc /openapi.json.", "See the addresses at /docs or /openapi.json."),
    ),
    "method_not_allowed": Message(
        Text("Phương thức không được phép", "Method not allowed"),
        Text("Địa chỉ này không nhận phương thức {value}.", "This address does not take the method {value}."),
        Text(
            "Dùng một phương thức nêu trong tiêu đề Allow; xem /docs.",
            "Use a method named in the Allow header; see /docs.",
        ),
    ),
    "http_error": Message(
        Text("Yêu cầu không thực hiện được", "The request cannot be served"),
        Text("Máy chủ trả lời trạng thái {value}.", "The server answered with status {value}."),
        Text("Kiểm tra yêu cầu theo /docs rồi gửi lại.", "Check the request against /docs and send it again."),
    ),
    "not_ready": Message(
        Text("Dịch vụ chưa sẵn sàng", "The service is not ready"),
        Text("Chưa sẵn sàng: {value}.", "Not ready: {value}."),
        Text(
            "Dịch vụ tự nối lại khi phần thiếu hoạt động trở lại; hãy kiểm tra phần đó.",
            "The service goes on by itself when what is missing returns; look at that part.",
        ),
    ),
    "not_alive": Message(
        Text("Dịch vụ phải khởi động lại", "The service has to be started anew"),
        Text("Không tự hoạt động tiếp: {value}.", "It does not go on by itself: {value}."),
        Text(
            "Hãy khởi động lại tiến trình này; nếu lặp lại, xem nhật ký của nó.",
            "Start this process anew; if that comes back, see its log.",
        ),
    ),
    "not_ready_until_mended": Message(
        Text("Dịch vụ chưa sẵn sàng", "The service is not ready"),
        Text("Chưa sẵn sàng: {value}.", "Not ready: {value}."),
        Text("Dịch vụ không tự khỏi: {remedy}.", "It does not go on by itself: {remedy}."),
    ),
    "body_too_large": Message(
        Text("Nội dung quá lớn", "Body too large"),
        Text("Nội dung yêu cầu lớn hơn {limit} byte.", "The request body is larger than {limit} bytes."),
        Text(
            "Chia thành nhiều yêu cầu nhỏ hơn {limit} byte.",
            "Split it into requests smaller than {limit} bytes.",
        ),
    ),
    "not_json": Message(
        Text("Không phải JSON", "Not JSON"),
        Text("Nội dung không phải JSON hợp lệ: {reason}.", "The body is not valid JSON: {reason}."),
        Text("Gửi một văn bản JSON (RFC 8259) mã hoá UTF-8.", "Send one JSON text (RFC 8259) in UTF-8."),
    ),
    "key_missing": Message(
        Text("Thiếu khoá", "Key missing"),
        Text("Yêu cầu không mang khoá API.", "The request carries no API key."),
        Text(
            "Thêm tiêu đề `Authorization: Bearer mc_…` với khoá được cấp cho hệ thống gửi.",
            "Add the header `Authorization: Bearer mc_…` with the key issued to the sending system.",
        ),
    ),
    "key_unknown": Message(
        Text("Khoá không có hiệu lực", "Key not valid"),
        Text("Khoá API này không được biết hoặc đã bị thu hồi.", "This API key is not known or was revoked."),
        Text(
            "Kiểm tra khoá; nếu đã mất, đề nghị quản trị cấp khoá mới.",
            "Check the key; if it is lost, ask the administrator for a new one.",
        ),
    ),
    "right_missing": Message(
        Text("Không có quyền", "Not allowed"),
        Text("Khoá này không có quyền {right}.", "This key does not have the right {right}."),
        Text(
            "Dùng khoá có một trong các vai trò {roles}, hoặc đề nghị quản trị cấp vai trò đó.",
            "Use a key with one of the roles {roles}, or ask the administrator for one.",
        ),
    ),
    "database_away": Message(
        Text("Cơ sở dữ liệu không trả lời", "The database does not answer"),
        Text("Cơ sở dữ liệu của dịch vụ không trả lời.", "The service's database does not answer."),
        Text("Thử lại sau vài giây.", "Try again in a few seconds."),
    ),
    "broker_away": Message(
        Text("Kafka không trả lời", "Kafka does not answer"),
        Text("Kafka không trả lời nên yêu cầu chưa được nhận.", "Kafka does not answer, so nothing was accepted."),
        Text(
            "Gửi lại sau thời gian trong Retry-After với cùng `id`.",
            "Send it again after Retry-After with the same `id`.",
        ),
    ),
    "body_too_slow": Message(
        Text("Nội dung đến quá chậm", "The body comes too slowly"),
        Text(
            "Nội dung yêu cầu đứng yên {seconds} giây hoặc đến chậm hơn {rate} byte mỗi giây; chưa có gì được nhận.",
            "The request's body stood still for {seconds} s, or comes slower than {rate} bytes a second; nothing was "
            "accepted.",
        ),
        Text(
            "Kiểm tra đường truyền rồi gửi lại; trên đường truyền chậm, gửi nén gzip hoặc chia nhỏ.",
            "Check the line and send it again; over a slow line send it gzipped, or in smaller requests.",
        ),
    ),
    "head_too_slow": Message(
        Text("Yêu cầu đến quá chậm", "The request comes too slowly"),
        Text(
            "Phần đầu của yêu cầu chưa đủ sau {seconds} giây.",
            "The head of the request was not there whole after {seconds} s.",
        ),
        Text("Gửi lại yêu cầu trên kết nối mới.", "Send the request again on a new connection."),
    ),
    "body_in_crumbs": Message(
        Text("Nội dung bị chia quá vụn", "The body comes in crumbs"),
        Text(
            "Nội dung được gửi thành các mảnh (chunked) nhỏ hơn {bytes} byte.",
            "The body is sent in chunks of less than {bytes} bytes.",
        ),
        Text(
            "Gửi với Content-Length, hoặc gom thành các mảnh vài nghìn byte.",
            "Send it with Content-Length, or in chunks of some thousand bytes.",
        ),
    ),
    "too_many_connections": Message(
        Text("Quá nhiều kết nối", "Too many connections"),
        Text(
            "Dịch vụ này đang phục vụ {limit} kết nối cùng lúc, là giới hạn đã đặt; chưa có gì được nhận.",
            "This service has {limit} connections at work, the limit that is set; nothing was accepted.",
        ),
        Text(
            "Thử lại sau thời gian trong Retry-After, dùng lại kết nối; quản trị có thể tăng MOTCUA_HTTP_CONNECTIONS.",
            "Try again after Retry-After and reuse connections; the operators can raise MOTCUA_HTTP_CONNECTIONS.",
        ),
    ),
}
